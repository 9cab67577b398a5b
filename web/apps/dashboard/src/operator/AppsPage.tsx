import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listOperatorApps, type OperatorApp } from '../api/operatorApps';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { IconApps, IconExternalLink, IconPlus } from '../icons';
import { Code } from '../parts/Code';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { Page } from '../parts/Page';
import { RelativeTime } from '../parts/RelativeTime';
import { StatusDot } from '../parts/StatusDot';
import { CreateAppDialog } from './CreateAppDialog';

const LIST_KEY = ['operator', 'apps'];

/** Every app of the platform, and the way to make one. */
export function AppsPage(): ReactNode {
  const { t } = useTranslation('operator');
  const queries = useQueryClient();
  const [isCreating, setCreating] = useState(false);
  const list = useKeysetQuery(LIST_KEY, (cursor, signal) =>
    listOperatorApps(undefined, cursor, signal),
  );

  const create = (
    <Button
      leftSection={<IconPlus size={18} aria-hidden="true" />}
      onClick={() => setCreating(true)}
    >
      {t('apps.create')}
    </Button>
  );
  const columns: readonly Column<OperatorApp>[] = [
    {
      key: 'name',
      header: t('apps.col_name'),
      cell: (app) => (
        <Link
          data-row-link=""
          to="/operator/clients/$tenantId"
          params={{ tenantId: app.tenant_id }}
        >
          {app.name}
        </Link>
      ),
    },
    { key: 'id', header: t('apps.col_app_id'), cell: (app) => <Code copy={app.id} /> },
    {
      key: 'guests',
      header: t('apps.col_guests'),
      priority: 3,
      cell: (app) => (app.guests === 'refused' ? t('apps.guests_no') : t('apps.guests_yes')),
    },
    {
      key: 'state',
      header: t('apps.col_state'),
      priority: 2,
      cell: (app) => (
        <StatusDot tone={app.is_disabled ? 'neutral' : 'good'}>
          {app.is_disabled ? t('apps.state_disabled') : t('apps.state_active')}
        </StatusDot>
      ),
    },
    {
      key: 'created',
      header: t('apps.col_created'),
      priority: 2,
      cell: (app) => <RelativeTime at={app.created_at} />,
    },
    {
      key: 'open',
      header: t('apps.col_open'),
      isHeaderHidden: true,
      priority: 2,
      align: 'end',
      cell: (app) =>
        app.guests !== 'refused' &&
        !app.is_disabled && (
          <a
            className="row-action"
            href={`/${app.id}/room`}
            target="_blank"
            rel="noreferrer"
            aria-label={t('apps.open_room_of', { name: app.name })}
          >
            {t('apps.open_room')}
            <IconExternalLink aria-hidden="true" />
          </a>
        ),
    },
  ];
  return (
    <Page title={t('apps.heading')} lead={t('apps.lead')} action={create}>
      <DataTable
        label={t('apps.heading')}
        columns={columns}
        list={list}
        rowKey={(app) => app.id}
        empty={
          <EmptyState icon={<IconApps />} title={t('apps.empty_title')} action={create}>
            {t('apps.empty_text')}
          </EmptyState>
        }
      />
      {isCreating && (
        <CreateAppDialog
          onCreated={() => {
            queries.invalidateQueries({ queryKey: LIST_KEY }).catch(() => undefined);
          }}
          onClose={() => setCreating(false)}
        />
      )}
    </Page>
  );
}
