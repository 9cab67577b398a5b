import { Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  moveTenant,
  type OperatorTenant,
  operatorTenantQuery,
  startTenantView,
} from '../api/operator';
import { IconChevronDown } from '../icons';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { ChoiceMenu } from '../shell/ChoiceMenu';
import { tenantState } from './TenantStateDot';

/** Acts that are asked for twice. */
const EditClientDialog = lazy(async () => ({
  default: (await import('./EditClientDialog')).EditClientDialog,
}));

type Act = 'suspend' | 'resume' | 'delete' | 'restore';

/** What can be done to a customer, by the state it is in. */
export function ClientActions({ tenant }: { tenant: OperatorTenant }): ReactNode {
  const { t } = useTranslation('operator');
  const queries = useQueryClient();
  const [open, setOpen] = useState<Act | 'edit' | 'view' | null>(null);
  const navigate = useNavigate();
  const close = () => setOpen(null);
  const move = useMutation({
    mutationFn: (act: Act) => moveTenant(tenant.id, act),
    onSuccess: async (moved) => {
      close();
      queries.setQueryData(operatorTenantQuery(tenant.id).queryKey, moved);
      await queries.invalidateQueries({ queryKey: ['operator'] });
    },
  });
  const look = useMutation({
    mutationFn: () => startTenantView(tenant.id),
    onSuccess: () => navigate({ to: '/t/$tenantId', params: { tenantId: tenant.id } }),
  });
  const state = tenantState(tenant);
  const acts: readonly Act[] = {
    active: ['suspend', 'delete'] as const,
    suspended: ['resume', 'delete'] as const,
    deleted: ['restore'] as const,
  }[state];
  return (
    <>
      <ChoiceMenu
        label={t('client.actions')}
        position="bottom-end"
        target={
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden="true" />}>
            {t('client.manage')}
          </Button>
        }
      >
        {state !== 'deleted' && (
          <>
            <Menu.Item onClick={() => setOpen('view')}>{t('client.view')}</Menu.Item>
            <Menu.Item onClick={() => setOpen('edit')}>{t('client.edit')}</Menu.Item>
          </>
        )}
        {acts.map((act) => (
          <Menu.Item
            key={act}
            data-tone={act === 'delete' ? 'danger' : undefined}
            onClick={() => setOpen(act)}
          >
            {t(`client.act.${act}`)}
          </Menu.Item>
        ))}
      </ChoiceMenu>
      {open === 'edit' && (
        <Suspense>
          <EditClientDialog tenant={tenant} onClose={close} />
        </Suspense>
      )}
      {open === 'view' && (
        <ConfirmDialog
          title={t('client.view_title', { name: tenant.name })}
          consequence={t('client.view_consequence')}
          action={t('client.view')}
          isBusy={look.isPending}
          error={look.error}
          onConfirm={() => look.mutate()}
          onClose={close}
        />
      )}
      {open !== null && open !== 'edit' && open !== 'view' && (
        <ConfirmDialog
          title={t(`client.act_title.${open}`, { name: tenant.name })}
          consequence={t(`client.act_consequence.${open}`)}
          action={t(`client.act.${open}`)}
          isDanger={open === 'suspend' || open === 'delete'}
          {...(open === 'delete' && { nameToType: tenant.name })}
          isBusy={move.isPending}
          error={move.error}
          onConfirm={() => move.mutate(open)}
          onClose={close}
        />
      )}
    </>
  );
}
