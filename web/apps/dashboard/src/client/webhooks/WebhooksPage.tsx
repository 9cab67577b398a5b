import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { appsQuery } from '../../api/clientApps';
import { useKeysetQuery } from '../../api/useKeysetQuery';
import { listWebhooks, type Webhook, webhooksKey } from '../../api/webhooks';
import { IconPlus, IconWebhook } from '../../icons';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { later } from '../../parts/later';
import { Page } from '../../parts/Page';
import { RelativeTime } from '../../parts/RelativeTime';
import { useClient } from '../useClient';
import { EventCount } from './EventCount';
import { WebhookState } from './WebhookState';

const WebhookDialog = later(async () => (await import('./WebhookDialog')).WebhookDialog);

/** Where the tenant's own servers hear of what happens. */
export function WebhooksPage(): ReactNode {
  const { t } = useTranslation('webhooks');
  const { tenantId: tenant, mayChange } = useClient();
  const queries = useQueryClient();
  const [isCreating, setCreating] = useState(false);
  const apps = useQuery(appsQuery(tenant)).data ?? [];
  const list = useKeysetQuery([...webhooksKey(tenant), 'list'], (cursor, signal) =>
    listWebhooks(tenant, cursor, signal),
  );
  const columns: readonly Column<Webhook>[] = [
    {
      key: 'url',
      header: t('url'),
      cell: ({ id, url }) => (
        <Link
          to="/t/$tenantId/webhooks/$webhookId"
          params={{ tenantId: tenant, webhookId: id }}
          data-row-link
        >
          {url}
        </Link>
      ),
    },
    { key: 'state', header: t('state_of'), cell: (webhook) => <WebhookState webhook={webhook} /> },
    {
      key: 'events',
      header: t('events'),
      priority: 2,
      cell: ({ events }) => <EventCount events={events} />,
    },
    {
      key: 'app',
      header: t('app'),
      priority: 3,
      cell: ({ app_id }) =>
        app_id === null ? t('every_app') : (apps.find(({ id }) => id === app_id)?.name ?? app_id),
    },
    {
      key: 'last',
      header: t('last'),
      priority: 2,
      cell: ({ last_delivery_at }) =>
        last_delivery_at ? <RelativeTime at={last_delivery_at} /> : t('never'),
    },
  ];
  const create = mayChange('webhooks') && (
    <Button
      leftSection={<IconPlus size={18} aria-hidden="true" />}
      onClick={() => setCreating(true)}
    >
      {t('create')}
    </Button>
  );
  return (
    <Page title={t('heading')} lead={t('lead')} action={create}>
      <DataTable
        label={t('heading')}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <EmptyState icon={<IconWebhook />} title={t('empty_title')} action={create}>
            {t('empty_text')}
          </EmptyState>
        }
      />
      {isCreating && (
        <WebhookDialog
          onSaved={() => {
            queries.invalidateQueries({ queryKey: webhooksKey(tenant) }).catch(() => undefined);
          }}
          onClose={() => setCreating(false)}
        />
      )}
    </Page>
  );
}
