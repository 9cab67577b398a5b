import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answeredList } from '../../api/answeredList';
import { saveUsage } from '../../api/exports';
import { type UsageRow, usageQuery } from '../../api/numbers';
import { IconGauge } from '../../icons';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { ExportMenu } from '../../parts/ExportMenu';
import { FilterSelect } from '../../parts/FilterSelect';
import { Page } from '../../parts/Page';
import { Section } from '../../parts/Section';
import { useNumberWords } from '../../parts/useNumberWords';
import { useUsageColumns } from '../../parts/useUsageColumns';
import { AppFilter } from '../AppFilter';
import { FirstCallLink } from '../FirstCallLink';
import { PeriodFilter } from '../PeriodFilter';
import { useClient } from '../useClient';
import { useFilters } from '../useFilters';
import { usePeriod } from '../usePeriod';
import { Limits } from './Limits';
import styles from './UsagePage.module.css';

/** What was used, against what may be used, and in the form in which it is billed. */
export function UsagePage(): ReactNode {
  const { t } = useTranslation(['numbers', 'client']);
  return (
    <Page title={t('usage.heading')} lead={t('usage.lead')}>
      <Limits />
      <Usage />
    </Page>
  );
}

function Usage(): ReactNode {
  const { t } = useTranslation(['numbers', 'client']);
  const words = useNumberWords();
  const { tenantId: tenant } = useClient();
  const { filters, setFilters } = useFilters();
  const period = usePeriod();
  const group = filters.group === 'month' ? 'month' : 'day';
  const filter = {
    app_id: filters.app,
    from: period?.from ?? '',
    until: period?.until ?? '',
  };
  const query = useQuery({
    ...usageQuery(tenant, filter, group),
    enabled: period !== null,
    placeholderData: keepPreviousData,
  });
  const counts = useUsageColumns<UsageRow>();
  const columns: readonly Column<UsageRow>[] = [
    {
      key: 'period',
      header: group === 'day' ? t('overview.day') : t('usage.month'),
      cell: ({ period: of }) => (of.length > 7 ? words.shortDay(of) : words.month(of)),
    },
    { key: 'app', header: t('client:filter.app'), cell: ({ app_name }) => app_name },
    ...counts,
    // Of a day there are no monthly users.
    ...(group === 'month'
      ? [
          {
            key: 'users',
            header: t('overview.active_users'),
            align: 'end',
            priority: 3,
            cell: ({ monthly_active_users }: UsageRow) => words.count(monthly_active_users ?? 0),
          } as const,
        ]
      : []),
  ];
  return (
    <Section
      title={t('usage.table')}
      action={<ExportMenu onSave={(format) => saveUsage(tenant, filter, group, format)} />}
    >
      <div className={styles.filters}>
        <PeriodFilter />
        <AppFilter />
        <FilterSelect
          label={t('usage.group')}
          value={filters.group}
          options={[
            { value: '', label: t('usage.by_day') },
            { value: 'month', label: t('usage.by_month') },
          ]}
          onChoose={(chosen) => setFilters({ group: chosen })}
        />
      </div>
      <DataTable
        label={t('usage.table')}
        columns={columns}
        list={answeredList(query, ({ data }) => data)}
        rowKey={({ period: of, app_id }) => `${of} ${app_id}`}
        empty={
          <EmptyState
            icon={<IconGauge />}
            title={t('calls.empty_title')}
            action={<FirstCallLink />}
          >
            {t('usage.empty_text')}
          </EmptyState>
        }
      />
    </Section>
  );
}
