import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listUsers, type OperatorUser, resetSecondFactor } from '../api/operator';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { useFilters } from '../client/useFilters';
import { IconSearch, IconUsers } from '../icons';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { Page } from '../parts/Page';
import { SearchField } from '../parts/SearchField';
import { StatusDot } from '../parts/StatusDot';
import { TwoLines } from '../parts/TwoLines';

/** Everybody who logs in, and the help for a lost phone. */
export function PeoplePage(): ReactNode {
  const { t } = useTranslation('operator');
  const queries = useQueryClient();
  const { filters, setFilters } = useFilters();
  const [resetting, setResetting] = useState<OperatorUser | null>(null);
  const { search } = filters;
  const list = useKeysetQuery(['operator', 'users', search ?? ''], (cursor, signal) =>
    listUsers({ search }, { cursor, signal }),
  );
  const reset = useMutation({
    mutationFn: (user: OperatorUser) => resetSecondFactor(user.id),
    onSuccess: async () => {
      setResetting(null);
      await queries.invalidateQueries({ queryKey: ['operator'] });
    },
  });
  const columns: readonly Column<OperatorUser>[] = [
    {
      key: 'name',
      header: t('people.col_name'),
      cell: (one) => <TwoLines first={one.name} second={one.email} />,
    },
    {
      key: 'kind',
      header: t('people.col_kind'),
      priority: 2,
      cell: (one) => (one.is_operator ? t('people.operator') : t('people.member')),
    },
    {
      key: 'totp',
      header: t('people.col_totp'),
      cell: (one) => (
        <StatusDot tone={one.has_totp ? 'good' : 'neutral'}>
          {one.has_totp ? t('people.totp_on') : t('people.totp_off')}
        </StatusDot>
      ),
    },
    {
      key: 'reset',
      header: t('people.col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (one) =>
        one.has_totp && (
          <button
            type="button"
            className="row-action"
            aria-label={t('people.reset_of', { name: one.name })}
            onClick={() => setResetting(one)}
          >
            {t('people.reset')}
          </button>
        ),
    },
  ];
  return (
    <Page
      title={t('people.heading')}
      lead={t('people.lead')}
      filters={
        <SearchField
          label={t('people.search')}
          value={search}
          onSearch={(text) => setFilters({ search: text })}
        />
      }
    >
      <DataTable
        label={t('people.heading')}
        columns={columns}
        list={list}
        rowKey={(one) => one.id}
        empty={
          <EmptyState icon={search ? <IconSearch /> : <IconUsers />} title={t('people.none_title')}>
            {t('people.none_text')}
          </EmptyState>
        }
      />
      {resetting && (
        <ConfirmDialog
          title={t('people.reset_title', { name: resetting.name })}
          consequence={t('people.reset_consequence')}
          action={t('people.reset_action')}
          isBusy={reset.isPending}
          error={reset.error}
          onConfirm={() => reset.mutate(resetting)}
          onClose={() => setResetting(null)}
        />
      )}
    </Page>
  );
}
