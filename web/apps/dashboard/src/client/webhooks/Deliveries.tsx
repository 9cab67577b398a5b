import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeysetQuery } from '../../api/useKeysetQuery';
import {
  DELIVERIES_MS,
  DELIVERY_STATES,
  type Delivery,
  listDeliveries,
  type Webhook,
  webhooksKey,
} from '../../api/webhooks';
import { IconWebhook } from '../../icons';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { FilterSelect } from '../../parts/FilterSelect';
import { later } from '../../parts/later';
import { RelativeTime } from '../../parts/RelativeTime';
import { Section } from '../../parts/Section';
import { StatusDot } from '../../parts/StatusDot';
import { useNumberWords } from '../../parts/useNumberWords';
import { useClient } from '../useClient';
import { useFilters } from '../useFilters';
import styles from './Webhooks.module.css';

const DeliveryDialog = later(async () => (await import('./DeliveryDialog')).DeliveryDialog);

const TONES = { pending: 'attention', delivered: 'good', failed: 'danger' } as const;

/** How far a delivery is. */
export function DeliveryDot({ delivery }: { delivery: Delivery }): ReactNode {
  const { t } = useTranslation('webhooks');
  const status = DELIVERY_STATES.find((state) => state === delivery.status) ?? 'pending';
  return <StatusDot tone={TONES[status]}>{t(`delivery.${status}`)}</StatusDot>;
}

/** What was sent to an endpoint, the newest first; a row opens what was said on both sides. */
export function Deliveries({ webhook }: { webhook: Webhook }): ReactNode {
  const { t } = useTranslation('webhooks');
  const words = useNumberWords();
  const { tenantId: tenant } = useClient();
  const { filters, setFilters } = useFilters();
  const status = DELIVERY_STATES.find((state) => state === filters.status);
  const list = useKeysetQuery(
    [...webhooksKey(tenant), webhook.id, 'deliveries', status],
    (cursor, signal) => listDeliveries(tenant, webhook.id, status, cursor, signal),
    { everyMs: DELIVERIES_MS },
  );
  const columns: readonly Column<Delivery>[] = [
    {
      key: 'event',
      header: t('event'),
      cell: ({ id, event_type }) => (
        <button
          type="button"
          className={`row-action ${styles.event}`}
          data-row-link
          onClick={() => setFilters({ delivery: id })}
        >
          {event_type}
        </button>
      ),
    },
    {
      key: 'status',
      header: t('state_of'),
      cell: (delivery) => <DeliveryDot delivery={delivery} />,
    },
    {
      key: 'code',
      header: t('answer'),
      align: 'end',
      priority: 2,
      cell: ({ last_status_code }) => last_status_code ?? '–',
    },
    {
      key: 'attempts',
      header: t('attempts'),
      align: 'end',
      priority: 2,
      cell: ({ attempts }) => words.count(attempts),
    },
    {
      key: 'next',
      header: t('next'),
      priority: 3,
      cell: ({ next_attempt_at }) => next_attempt_at && <RelativeTime at={next_attempt_at} />,
    },
    {
      key: 'at',
      header: t('at'),
      cell: ({ created_at }) => <RelativeTime at={created_at} />,
    },
  ];
  return (
    <Section
      title={t('deliveries')}
      lead={t('deliveries_lead')}
      action={
        <FilterSelect
          label={t('state_of')}
          value={status}
          options={[
            { value: '', label: t('every_state') },
            ...DELIVERY_STATES.map((value) => ({ value, label: t(`delivery.${value}`) })),
          ]}
          onChoose={(chosen) => setFilters({ status: chosen })}
        />
      }
    >
      <DataTable
        label={t('deliveries')}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <EmptyState
            icon={<IconWebhook />}
            title={status ? t('no_match_title') : t('no_deliveries_title')}
          >
            {status ? t('no_match_text') : t('no_deliveries_text')}
          </EmptyState>
        }
      />
      {filters.delivery && (
        <DeliveryDialog id={filters.delivery} onClose={() => setFilters({ delivery: undefined })} />
      )}
    </Section>
  );
}
