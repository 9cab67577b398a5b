import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  deleteIdentityProvider,
  type IdentityProvider,
  listIdentityProviders,
  PROVIDERS_KEY,
  redirectAddress,
} from '../../api/identityProviders';
import { useKeysetQuery } from '../../api/useKeysetQuery';
import { IconPlus, IconShieldLock } from '../../icons';
import { Card } from '../../parts/Card';
import { CopyField } from '../../parts/CopyField';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { later } from '../../parts/later';
import { Page } from '../../parts/Page';
import { TwoLines } from '../../parts/TwoLines';

const ConfirmDialog = later(async () => (await import('../../parts/ConfirmDialog')).ConfirmDialog);
const ProviderDialog = later(async () => (await import('./ProviderDialog')).ProviderDialog);

type Open = { readonly act: 'create' } | { readonly act: 'edit' | 'delete'; one: IdentityProvider };

/** Where people log in instead of with a password: of clients, and of those who run the platform. */
export function ProvidersPage(): ReactNode {
  const { t } = useTranslation(['platform', 'client']);
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const list = useKeysetQuery(PROVIDERS_KEY, listIdentityProviders);
  const refresh = () => queries.invalidateQueries({ queryKey: PROVIDERS_KEY });
  const remove = useMutation({
    mutationFn: (one: IdentityProvider) => deleteIdentityProvider(one.id),
    onSuccess: async () => {
      close();
      await refresh();
    },
  });
  const create = (
    <Button
      leftSection={<IconPlus size={18} aria-hidden="true" />}
      onClick={() => setOpen({ act: 'create' })}
    >
      {t('providers.add')}
    </Button>
  );
  const columns: readonly Column<IdentityProvider>[] = [
    {
      key: 'name',
      header: t('providers.col_name'),
      cell: (one) => <TwoLines first={one.name} second={one.issuer} />,
    },
    {
      key: 'domains',
      header: t('providers.col_domains'),
      cell: (one) => <DomainList domains={one.domains} />,
    },
    {
      key: 'audience',
      header: t('providers.col_audience'),
      priority: 2,
      cell: (one) =>
        one.tenant_id === null ? (
          t('providers.audiences.platform')
        ) : (
          <Link
            className="text-link"
            to="/operator/clients/$tenantId"
            params={{ tenantId: one.tenant_id }}
          >
            {one.tenant_name}
          </Link>
        ),
    },
    {
      key: 'role',
      header: t('providers.col_new'),
      priority: 3,
      cell: (one) =>
        one.new_role === null ? t('providers.new_role_none') : t(`client:role.${one.new_role}`),
    },
    {
      key: 'actions',
      header: t('providers.col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (one) => (
        <span className="row-actions">
          <button
            type="button"
            className="row-action"
            aria-label={t('providers.edit_of', { name: one.name })}
            onClick={() => setOpen({ act: 'edit', one })}
          >
            {t('providers.edit')}
          </button>
          <button
            type="button"
            className="row-action"
            aria-label={t('providers.delete_of', { name: one.name })}
            onClick={() => setOpen({ act: 'delete', one })}
          >
            {t('providers.delete')}
          </button>
        </span>
      ),
    },
  ];
  return (
    <Page title={t('providers.heading')} lead={t('providers.lead')} action={create}>
      <Card>
        <CopyField
          label={t('providers.redirect')}
          help={t('providers.redirect_help')}
          value={redirectAddress()}
        />
      </Card>
      <DataTable
        label={t('providers.heading')}
        columns={columns}
        list={list}
        rowKey={(one) => one.id}
        empty={
          <EmptyState icon={<IconShieldLock />} title={t('providers.empty_title')} action={create}>
            {t('providers.empty_text')}
          </EmptyState>
        }
      />
      {(open?.act === 'create' || open?.act === 'edit') && (
        <ProviderDialog
          {...(open.act === 'edit' && { provider: open.one })}
          onSaved={() => {
            refresh().catch(() => undefined);
          }}
          onClose={close}
        />
      )}
      {open?.act === 'delete' && (
        <ConfirmDialog
          title={t('providers.delete_title', { name: open.one.name })}
          consequence={t('providers.delete_consequence', { domains: open.one.domains.join(', ') })}
          action={t('providers.delete')}
          nameToType={open.one.name}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(open.one)}
          onClose={() => {
            remove.reset();
            close();
          }}
        />
      )}
    </Page>
  );
}

/** The first domain, and how many more there are. */
function DomainList({ domains }: { domains: readonly string[] }): ReactNode {
  const { t } = useTranslation('platform');
  const [first, ...more] = domains;
  if (more.length === 0) return first;
  return (
    <span title={domains.join(', ')}>
      {t('providers.domains_more', { first, count: more.length })}
    </span>
  );
}
