import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  cancelInvitation,
  type Invitation,
  listInvitations,
  resendInvitation,
  type SentInvitation,
} from '../api/tenant';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { IconMail } from '../icons';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { ProblemNotice } from '../parts/ProblemNotice';
import { RelativeTime } from '../parts/RelativeTime';
import { Section } from '../parts/Section';
import { InvitationSent } from './InvitationSent';
import styles from './Invitations.module.css';
import { useClient } from './useClient';

/** Who was asked to join and did not answer yet; nothing when there is nobody. */
export function Invitations(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId: tenant, mayChange } = useClient();
  const queries = useQueryClient();
  const [sent, setSent] = useState<SentInvitation | null>(null);
  const listKey = ['tenant', tenant, 'invitations'];
  const list = useKeysetQuery(listKey, (cursor, signal) => listInvitations(tenant, cursor, signal));
  const refresh = () => queries.invalidateQueries({ queryKey: listKey });
  const cancel = useMutation({
    mutationFn: (id: string) => cancelInvitation(tenant, id),
    onSettled: refresh,
  });
  const resend = useMutation({
    mutationFn: (id: string) => resendInvitation(tenant, id),
    onSuccess: setSent,
    onSettled: refresh,
  });
  if (list.rows.length === 0 && !list.error) return null;

  const columns: readonly Column<Invitation>[] = [
    { key: 'email', header: t('team.col_email'), cell: (one) => one.email },
    { key: 'role', header: t('team.col_role'), cell: (one) => t(`role.${one.role}`) },
    {
      key: 'expires',
      header: t('team.col_expires'),
      priority: 2,
      cell: (one) => <RelativeTime at={one.expires_at} />,
    },
    {
      key: 'actions',
      header: t('team.col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (one) =>
        mayChange('team') && (
          <span className={styles.actions}>
            <button
              type="button"
              className="row-action"
              aria-label={t('team.resend_invitation_to', { email: one.email })}
              onClick={() => resend.mutate(one.id)}
            >
              {t('team.resend_invitation')}
            </button>
            <button
              type="button"
              className="row-action"
              aria-label={t('team.cancel_invitation_to', { email: one.email })}
              onClick={() => cancel.mutate(one.id)}
            >
              {t('team.cancel_invitation')}
            </button>
          </span>
        ),
    },
  ];
  const error = cancel.error ?? resend.error;
  return (
    <Section title={t('team.invitations')}>
      {error && <ProblemNotice error={error} />}
      <DataTable
        label={t('team.invitations')}
        columns={columns}
        list={list}
        rowKey={(one) => one.id}
        empty={<EmptyState icon={<IconMail />} title={t('team.no_invitations')} />}
      />
      {sent && <InvitationSent sent={sent} onClose={() => setSent(null)} />}
    </Section>
  );
}
