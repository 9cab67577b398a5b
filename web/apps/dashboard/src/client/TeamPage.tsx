import { Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { plannedPage } from '../api/planned';
import {
  cancelInvitation,
  changeRole,
  type Invitation,
  type Member,
  ROLES,
  removeMember,
} from '../api/tenant';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { IconDotsVertical, IconMail, IconShieldCheck, IconUserPlus } from '../icons';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { Page } from '../parts/Page';
import { RelativeTime } from '../parts/RelativeTime';
import { Section } from '../parts/Section';
import { StatusDot } from '../parts/StatusDot';
import { TwoLines } from '../parts/TwoLines';
import { Choice, ChoiceMenu } from '../shell/ChoiceMenu';
import { InviteDialog } from './InviteDialog';
import { useClient } from './useClient';

type Open =
  | { readonly kind: 'invite' }
  | { readonly kind: 'remove'; readonly member: Member }
  | null;

/** Who belongs to the organisation, with which role, and who was asked to. */
export function TeamPage(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId: tenant, me, mayChange } = useClient();
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open>(null);
  const members = useKeysetQuery(
    ['tenant', tenant, 'members'],
    plannedPage<Member>('/v1/members', { tenant }),
  );
  const invitations = useKeysetQuery(
    ['tenant', tenant, 'invitations'],
    plannedPage<Invitation>('/v1/invitations', { tenant }),
  );
  const refresh = () => queries.invalidateQueries({ queryKey: ['tenant', tenant] });
  const remove = useMutation({
    mutationFn: (member: Member) => removeMember(tenant, member.user_id),
    onSuccess: async () => {
      setOpen(null);
      await refresh();
    },
  });
  const role = useMutation({
    mutationFn: (change: { user: string; role: Member['role'] }) =>
      changeRole(tenant, change.user, change.role),
    onSettled: refresh,
  });
  const cancel = useMutation({
    mutationFn: (id: string) => cancelInvitation(tenant, id),
    onSettled: refresh,
  });

  const isManager = mayChange('team');
  const memberColumns: readonly Column<Member>[] = [
    {
      key: 'name',
      header: t('team.col_name'),
      cell: (one) => <TwoLines first={one.name} second={one.email} />,
    },
    { key: 'role', header: t('team.col_role'), cell: (one) => t(`role.${one.role}`) },
    {
      key: 'totp',
      header: t('team.col_totp'),
      priority: 2,
      cell: (one) => (
        <StatusDot tone={one.has_totp ? 'good' : 'neutral'}>
          {one.has_totp ? t('team.totp_on') : t('team.totp_off')}
        </StatusDot>
      ),
    },
    {
      key: 'seen',
      header: t('team.col_seen'),
      priority: 2,
      cell: (one) => (one.last_seen_at ? <RelativeTime at={one.last_seen_at} /> : t('team.never')),
    },
    {
      key: 'actions',
      header: t('team.col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (one) =>
        isManager &&
        one.email !== me.email && (
          <ChoiceMenu
            label={t('team.actions_of', { name: one.name })}
            position="bottom-end"
            target={
              <button
                type="button"
                className="icon-button"
                aria-label={t('team.actions_of', { name: one.name })}
              >
                <IconDotsVertical aria-hidden="true" />
              </button>
            }
          >
            <Menu.Label>{t('team.col_role')}</Menu.Label>
            {ROLES.map((candidate) => (
              <Choice
                key={candidate}
                isChosen={one.role === candidate}
                help={t(`role_help.${candidate}`)}
                onChoose={() => role.mutate({ user: one.user_id, role: candidate })}
              >
                {t(`role.${candidate}`)}
              </Choice>
            ))}
            <Menu.Divider />
            <Menu.Item color="cabai" onClick={() => setOpen({ kind: 'remove', member: one })}>
              {t('team.remove')}
            </Menu.Item>
          </ChoiceMenu>
        ),
    },
  ];
  const invitationColumns: readonly Column<Invitation>[] = [
    { key: 'email', header: t('team.col_email'), cell: (one) => one.email },
    { key: 'role', header: t('team.col_role'), cell: (one) => t(`role.${one.role}`) },
    {
      key: 'expires',
      header: t('team.col_expires'),
      priority: 2,
      cell: (one) => <RelativeTime at={one.expires_at} />,
    },
    {
      key: 'cancel',
      header: t('team.col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (one) =>
        isManager && (
          <button type="button" className="row-action" onClick={() => cancel.mutate(one.id)}>
            {t('team.cancel_invitation')}
          </button>
        ),
    },
  ];
  return (
    <Page
      title={t('team.heading')}
      lead={t('team.lead')}
      action={
        isManager && (
          <Button
            leftSection={<IconUserPlus size={18} aria-hidden="true" />}
            onClick={() => setOpen({ kind: 'invite' })}
          >
            {t('team.invite')}
          </Button>
        )
      }
    >
      <DataTable
        label={t('team.members')}
        columns={memberColumns}
        list={members}
        rowKey={(one) => one.user_id}
        empty={<EmptyState icon={<IconShieldCheck />} title={t('team.empty_title')} />}
      />
      {(invitations.rows.length > 0 || invitations.error) && (
        <Section title={t('team.invitations')}>
          <DataTable
            label={t('team.invitations')}
            columns={invitationColumns}
            list={invitations}
            rowKey={(one) => one.id}
            empty={<EmptyState icon={<IconMail />} title={t('team.no_invitations')} />}
          />
        </Section>
      )}
      {open?.kind === 'invite' && (
        <InviteDialog
          tenant={tenant}
          onInvited={() => {
            refresh().catch(() => undefined);
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.kind === 'remove' && (
        <ConfirmDialog
          title={t('team.remove_title', { name: open.member.name })}
          consequence={t('team.remove_consequence')}
          action={t('team.remove')}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(open.member)}
          onClose={() => setOpen(null)}
        />
      )}
    </Page>
  );
}
