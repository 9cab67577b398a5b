import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ClientApp, createApp, listApps, restoreApp } from '../api/clientApps';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { IconApps, IconPlus } from '../icons';
import { Code } from '../parts/Code';
import { type Column, DataTable } from '../parts/DataTable';
import { Dialog, DialogActions } from '../parts/Dialog';
import { EmptyState } from '../parts/EmptyState';
import { FilterSelect } from '../parts/FilterSelect';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';
import { RelativeTime } from '../parts/RelativeTime';
import { Stack } from '../parts/Stack';
import { StatusDot } from '../parts/StatusDot';
import { TwoLines } from '../parts/TwoLines';
import { useClient } from './useClient';
import { useFilters } from './useFilters';

const STATE_TONES = { active: 'good', disabled: 'attention', deleted: 'neutral' } as const;

/** The apps of the organisation. */
export function ClientAppsPage(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId: tenant, mayChange } = useClient();
  const [isCreating, setCreating] = useState(false);
  const queries = useQueryClient();
  const { filters, setFilters } = useFilters();
  const which = filters.status === 'deleted' ? 'deleted' : 'used';
  const list = useKeysetQuery(['tenant', tenant, 'app_list', which], (cursor, signal) =>
    listApps(tenant, which, cursor, signal),
  );
  const restore = useMutation({
    mutationFn: (app: ClientApp) => restoreApp(tenant, app.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tenant', tenant] }),
  });
  const create = mayChange('apps') && (
    <Button
      leftSection={<IconPlus size={18} aria-hidden="true" />}
      onClick={() => setCreating(true)}
    >
      {t('apps.create')}
    </Button>
  );
  const columns: readonly Column<ClientApp>[] = [
    {
      key: 'name',
      header: t('apps.col_name'),
      cell: (app) =>
        app.status === 'deleted' ? (
          app.name
        ) : (
          <Link
            data-row-link=""
            to="/t/$tenantId/apps/$appId/start"
            params={{ tenantId: tenant, appId: app.id }}
          >
            {app.name}
          </Link>
        ),
    },
    { key: 'id', header: t('apps.col_id'), cell: (app) => <Code copy={app.id} /> },
    {
      key: 'environment',
      header: t('apps.col_environment'),
      priority: 2,
      cell: (app) => t(`environment.${app.environment}`),
    },
    {
      key: 'state',
      header: t('apps.col_state'),
      priority: 2,
      cell: (app) => (
        <StatusDot tone={STATE_TONES[app.status]}>{t(`apps.state.${app.status}`)}</StatusDot>
      ),
    },
    {
      key: 'created',
      header: t('apps.col_created'),
      priority: 3,
      align: 'end',
      cell: (app) => <RelativeTime at={app.created_at} />,
    },
    ...(which === 'deleted'
      ? [
          {
            key: 'restore',
            header: t('apps.col_purge'),
            align: 'end',
            cell: (app) => (
              <TwoLines
                first={app.purge_at && <RelativeTime at={app.purge_at} />}
                second={
                  mayChange('apps') && (
                    <button
                      type="button"
                      className="row-action"
                      aria-label={t('apps.restore_of', { name: app.name })}
                      onClick={() => restore.mutate(app)}
                    >
                      {t('apps.restore')}
                    </button>
                  )
                }
              />
            ),
          } satisfies Column<ClientApp>,
        ]
      : []),
  ];
  return (
    <Page
      title={t('apps.heading')}
      lead={t('apps.lead')}
      action={create}
      filters={
        <FilterSelect
          label={t('apps.col_state')}
          value={filters.status}
          options={[
            { value: '', label: t('apps.state_all') },
            { value: 'deleted', label: t('apps.state.deleted') },
          ]}
          onChoose={(value) => setFilters({ status: value })}
        />
      }
    >
      {restore.error && <ProblemNotice error={restore.error} />}
      <DataTable
        label={t('apps.heading')}
        columns={columns}
        list={list}
        rowKey={(app) => app.id}
        empty={
          which === 'deleted' ? (
            <EmptyState icon={<IconApps />} title={t('apps.none_title')}>
              {t('apps.none_text')}
            </EmptyState>
          ) : (
            <EmptyState icon={<IconApps />} title={t('apps.empty_title')} action={create}>
              {t('apps.empty_text')}
            </EmptyState>
          )
        }
      />
      {isCreating && <CreateAppDialog tenant={tenant} onClose={() => setCreating(false)} />}
    </Page>
  );
}

function CreateAppDialog({ tenant, onClose }: { tenant: string; onClose: () => void }): ReactNode {
  const { t } = useTranslation('client');
  const [name, setName] = useState('');
  const [isMissing, setMissing] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: () => createApp(tenant, { name: name.trim() }),
    onSuccess: async (app) => {
      await queries.invalidateQueries({ queryKey: ['tenant', tenant] });
      const params = { tenantId: tenant, appId: app.id };
      await navigate({ to: '/t/$tenantId/apps/$appId/start', params });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(name.trim() === '');
    if (name.trim() !== '') create.mutate();
  };
  return (
    <Dialog title={t('apps.create')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {create.error && <ProblemNotice error={create.error} />}
          <TextInput
            label={t('apps.name')}
            description={t('apps.name_help')}
            maxLength={80}
            data-autofocus
            value={name}
            error={isMissing && t('apps.name_missing')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <DialogActions
            label={t('apps.create_action')}
            isBusy={create.isPending}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
