import { Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeRole, listMembers, type Member, ROLES, removeMember } from '../api/tenant';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { IconDotsVertical, IconUserPlus, IconUsers } from '../icons';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';
import { RelativeTime } from '../parts/RelativeTime';
import { StatusDot } from '../parts/StatusDot';
import { TwoLines } from '../parts/TwoLines';
import { Choice, ChoiceMenu } from '../shell/ChoiceMenu';
import { Invitations } from './Invitations';
import { InviteDialog } from './InviteDialog';
import { useClient } from './useClient';

type Open =
  | { readonly kind: 'invite' }
  | { readonly kind: 'remove'; readonly member: Member }
  | null;

/** Who belongs to the organisation, with which role, and who was asked to. */
export function TeamPage(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId: tenant, me, role: ownRole, mayChange } = useClient();
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open>(null);
  const members = useKeysetQuery(['tenant', tenant, 'members'], (cursor, signal) =>
    listMembers(tenant, cursor, signal),
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

  const isManager = mayChange('team');
  // Only an owner makes or unmakes owners.
  const roles = ownRole === 'owner' ? ROLES : ROLES.filter((candidate) => candidate !== 'owner');
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
        one.user_id !== me.id &&
        roles.includes(one.role) && (
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
            {roles.map((candidate) => (
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
            <Menu.Item data-tone="danger" onClick={() => setOpen({ kind: 'remove', member: one })}>
              {t('team.remove')}
            </Menu.Item>
          </ChoiceMenu>
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
      {role.error && <ProblemNotice error={role.error} />}
      <DataTable
        label={t('team.members')}
        columns={memberColumns}
        list={members}
        rowKey={(one) => one.user_id}
        empty={<EmptyState icon={<IconUsers />} title={t('team.empty_title')} />}
      />
      <Invitations />
      {open?.kind === 'invite' && (
        <InviteDialog
          tenant={tenant}
          roles={roles}
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
