import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answeredList } from '../api/answeredList';
import { saveTenantUsage } from '../api/exports';
import { type TenantUsage, tenantUsageQuery } from '../api/numbers';
import { useFilters } from '../client/useFilters';
import { IconGauge } from '../icons';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { ExportMenu } from '../parts/ExportMenu';
import { FilterSelect } from '../parts/FilterSelect';
import { Page } from '../parts/Page';
import { useNumberWords } from '../parts/useNumberWords';
import { useUsageColumns } from '../parts/useUsageColumns';

/** Months to choose from: as many as a bill or a comparison with last year needs. */
const MONTHS = 13;

/** Who used how much in a month, the largest first; as a file it is ready for an invoice. */
export function UsagePage(): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  const { filters, setFilters } = useFilters();
  const months = lastMonths(new Date());
  const month = months.find((candidate) => candidate === filters.month) ?? months[0] ?? '';
  const query = useQuery(tenantUsageQuery(month));
  const counts = useUsageColumns<TenantUsage>();
  const columns: readonly Column<TenantUsage>[] = [
    {
      key: 'tenant',
      header: t('ranking.tenant'),
      cell: ({ tenant_id, tenant_name }) => (
        <Link to="/operator/clients/$tenantId" params={{ tenantId: tenant_id }} data-row-link>
          {tenant_name}
        </Link>
      ),
    },
    ...counts,
    {
      key: 'users',
      header: t('overview.active_users'),
      align: 'end',
      priority: 2,
      cell: ({ monthly_active_users }) => words.count(monthly_active_users),
    },
    {
      key: 'apps',
      header: t('ranking.apps'),
      align: 'end',
      priority: 3,
      cell: ({ apps }) => words.count(apps),
    },
  ];
  return (
    <Page
      title={t('ranking.heading')}
      lead={t('ranking.lead')}
      action={<ExportMenu onSave={(format) => saveTenantUsage(month, format)} />}
      filters={
        <FilterSelect
          label={t('usage.month')}
          value={month === months[0] ? undefined : month}
          options={months.map((value, index) => ({
            value: index === 0 ? '' : value,
            label: words.month(value),
          }))}
          onChoose={(chosen) => setFilters({ month: chosen })}
        />
      }
    >
      <DataTable
        label={t('ranking.heading')}
        columns={columns}
        list={answeredList(query, ({ data }) => data)}
        rowKey={({ tenant_id }) => tenant_id}
        empty={
          <EmptyState icon={<IconGauge />} title={t('ranking.empty_title')}>
            {t('ranking.empty_text')}
          </EmptyState>
        }
      />
    </Page>
  );
}

/** `YYYY-MM`, this month first. */
function lastMonths(now: Date): readonly string[] {
  return Array.from({ length: MONTHS }, (_, back) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back)).toISOString().slice(0, 7),
  );
}
