import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type WebhookFailure, webhookFailuresQuery } from '../api/platform';
import { wholeList } from '../api/wholeList';
import { IconCheck } from '../icons';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { RelativeTime } from '../parts/RelativeTime';
import { Section } from '../parts/Section';
import { StatusDot } from '../parts/StatusDot';
import { TwoLines } from '../parts/TwoLines';

/** Endpoints of clients that do not take their events, those that fail longest first. */
export function WebhookFailures(): ReactNode {
  const { t } = useTranslation('operator');
  const failures = useQuery(webhookFailuresQuery);
  const columns: readonly Column<WebhookFailure>[] = [
    {
      key: 'client',
      header: t('webhook_failures.col_client'),
      cell: ({ tenant_id, tenant_name, webhook }) => (
        <TwoLines
          first={
            <Link
              data-row-link=""
              to="/operator/clients/$tenantId"
              params={{ tenantId: tenant_id }}
            >
              {tenant_name}
            </Link>
          }
          second={webhook.url}
        />
      ),
    },
    {
      key: 'state',
      header: t('webhook_failures.col_state'),
      cell: ({ webhook }) => (
        <StatusDot tone={webhook.is_paused ? 'neutral' : 'danger'}>
          {webhook.is_paused ? t('webhook_failures.paused') : t('webhook_failures.failing')}
        </StatusDot>
      ),
    },
    {
      key: 'since',
      header: t('webhook_failures.col_since'),
      align: 'end',
      cell: ({ webhook }) => webhook.failing_since && <RelativeTime at={webhook.failing_since} />,
    },
  ];
  return (
    <Section title={t('webhook_failures.heading')} lead={t('webhook_failures.lead')}>
      <DataTable
        label={t('webhook_failures.heading')}
        columns={columns}
        list={wholeList(failures)}
        rowKey={({ webhook }) => webhook.id}
        empty={<EmptyState icon={<IconCheck />} title={t('webhook_failures.empty')} />}
      />
    </Section>
  );
}
