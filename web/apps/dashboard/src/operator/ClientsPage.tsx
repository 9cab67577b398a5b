import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listTenants, type OperatorTenant, TENANT_STATES } from '../api/operator';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { useFilters } from '../client/useFilters';
import { IconBuilding, IconPlus, IconSearch } from '../icons';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { FilterSelect } from '../parts/FilterSelect';
import { Page } from '../parts/Page';
import { RelativeTime } from '../parts/RelativeTime';
import { SearchField } from '../parts/SearchField';
import { useNumberWords } from '../parts/useNumberWords';
import { TenantStateDot } from './TenantStateDot';

const CreateClientDialog = lazy(async () => ({
  default: (await import('./CreateClientDialog')).CreateClientDialog,
}));

/** The operator's customers, and the way to make one. */
export function ClientsPage(): ReactNode {
  const { t } = useTranslation('operator');
  const { count } = useNumberWords();
  const { filters, setFilters } = useFilters();
  const [isCreating, setCreating] = useState(false);
  const { search } = filters;
  const status = TENANT_STATES.find((state) => state === filters.status);
  const isFiltered = search !== undefined || status !== undefined;
  const list = useKeysetQuery(
    ['operator', 'tenants', search ?? '', status ?? ''],
    (cursor, signal) => listTenants({ search, status }, { cursor, signal }),
  );
  const create = (
    <Button
      leftSection={<IconPlus size={18} aria-hidden="true" />}
      onClick={() => setCreating(true)}
    >
      {t('clients.create')}
    </Button>
  );
  const columns: readonly Column<OperatorTenant>[] = [
    {
      key: 'name',
      header: t('clients.col_name'),
      cell: (one) => (
        <Link data-row-link="" to="/operator/clients/$tenantId" params={{ tenantId: one.id }}>
          {one.name}
        </Link>
      ),
    },
    {
      key: 'state',
      header: t('clients.col_state'),
      cell: (one) => <TenantStateDot tenant={one} />,
    },
    {
      key: 'apps',
      header: t('clients.col_apps'),
      align: 'end',
      priority: 2,
      cell: (one) => count(one.apps),
    },
    {
      key: 'members',
      header: t('clients.col_members'),
      align: 'end',
      priority: 2,
      cell: (one) => count(one.members),
    },
    {
      key: 'created',
      header: t('clients.col_created'),
      align: 'end',
      priority: 3,
      cell: (one) => <RelativeTime at={one.created_at} />,
    },
  ];
  return (
    <Page
      title={t('clients.heading')}
      lead={t('clients.lead')}
      action={create}
      filters={
        <>
          <SearchField
            label={t('clients.search')}
            value={search}
            onSearch={(text) => setFilters({ search: text })}
          />
          <FilterSelect
            label={t('clients.state_filter')}
            value={status}
            options={[
              { value: '', label: t('clients.state_all') },
              ...TENANT_STATES.map((value) => ({ value, label: t(`clients.state.${value}`) })),
            ]}
            onChoose={(value) => setFilters({ status: value })}
          />
        </>
      }
    >
      <DataTable
        label={t('clients.heading')}
        columns={columns}
        list={list}
        rowKey={(one) => one.id}
        empty={
          isFiltered ? (
            <EmptyState icon={<IconSearch />} title={t('clients.none_title')}>
              {t('clients.none_text')}
            </EmptyState>
          ) : (
            <EmptyState icon={<IconBuilding />} title={t('clients.empty_title')} action={create}>
              {t('clients.empty_text')}
            </EmptyState>
          )
        }
      />
      <Suspense>{isCreating && <CreateClientDialog onClose={() => setCreating(false)} />}</Suspense>
    </Page>
  );
}
