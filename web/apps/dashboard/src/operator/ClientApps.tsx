import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperatorTenant } from '../api/operator';
import { listOperatorApps, type OperatorApp } from '../api/operatorApps';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { IconApps } from '../icons';
import { Code } from '../parts/Code';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { Section } from '../parts/Section';
import { StatusDot } from '../parts/StatusDot';
import { useLimitWords } from '../parts/useLimitWords';

const AppLimitsDialog = lazy(async () => ({
  default: (await import('./AppLimitsDialog')).AppLimitsDialog,
}));
const SlotsDialog = lazy(async () => ({
  default: (await import('./recorders/SlotsDialog')).SlotsDialog,
}));
const CreateAppDialog = lazy(async () => ({
  default: (await import('./CreateAppDialog')).CreateAppDialog,
}));

/** The apps of one customer, and how much each may use. */
export function ClientApps({ tenant }: { tenant: OperatorTenant }): ReactNode {
  const { t } = useTranslation(['operator', 'client']);
  const words = useLimitWords();
  const queries = useQueryClient();
  const [open, setOpen] = useState<OperatorApp | 'create' | null>(null);
  const [slotsOf, setSlotsOf] = useState<OperatorApp | null>(null);
  const close = () => setOpen(null);
  const list = useKeysetQuery(['operator', 'tenant', tenant.id, 'apps'], (cursor, signal) =>
    listOperatorApps(tenant.id, cursor, signal),
  );
  const columns: readonly Column<OperatorApp>[] = [
    { key: 'name', header: t('apps.col_name'), cell: (app) => app.name },
    { key: 'id', header: t('apps.col_app_id'), priority: 2, cell: (app) => <Code copy={app.id} /> },
    {
      key: 'environment',
      header: t('app.environment'),
      cell: (app) => t(`client:environment.${app.environment}`),
    },
    {
      key: 'state',
      header: t('apps.col_state'),
      priority: 2,
      cell: (app) => (
        <StatusDot tone={app.is_disabled ? 'attention' : 'good'}>
          {app.is_disabled ? t('apps.state_disabled') : t('apps.state_active')}
        </StatusDot>
      ),
    },
    {
      key: 'people',
      header: t('client:limits.max_participants'),
      align: 'end',
      priority: 3,
      cell: (app) => words('max_participants', app.limits.max_participants),
    },
    {
      key: 'minutes',
      header: t('client:limits.minutes_per_month'),
      align: 'end',
      priority: 3,
      cell: (app) => words('minutes_per_month', app.limits.minutes_per_month),
    },
    {
      key: 'slots',
      header: t('app.slots'),
      isHeaderHidden: true,
      align: 'end',
      cell: (app) => (
        <button
          type="button"
          className="row-action"
          aria-label={t('app.slots_of', { name: app.name })}
          onClick={() => setSlotsOf(app)}
        >
          {t('app.slots')}
        </button>
      ),
    },
    {
      key: 'change',
      header: t('people.col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (app) => (
        <button
          type="button"
          className="row-action"
          aria-label={t('app.change_of', { name: app.name })}
          onClick={() => setOpen(app)}
        >
          {t('app.change')}
        </button>
      ),
    },
  ];
  const create = tenant.deleted_at === null && (
    <Button variant="default" onClick={() => setOpen('create')}>
      {t('apps.create')}
    </Button>
  );
  return (
    <Section title={t('apps.heading')} action={create}>
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
      <Suspense>
        {open === 'create' && (
          <CreateAppDialog
            tenantId={tenant.id}
            onCreated={() => {
              queries.invalidateQueries({ queryKey: ['operator'] }).catch(() => undefined);
            }}
            onClose={close}
          />
        )}
        {slotsOf && (
          <SlotsDialog appId={slotsOf.id} appName={slotsOf.name} onClose={() => setSlotsOf(null)} />
        )}
        {open !== null && open !== 'create' && <AppLimitsDialog app={open} onClose={close} />}
      </Suspense>
    </Section>
  );
}
