import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AppRecordingSlots,
  fleetQuery,
  type RecordingFleet,
  type WaitingRecording,
} from '../../api/recorders';
import { IconGauge, IconRecord } from '../../icons';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { Meter } from '../../parts/Meter';
import { Page } from '../../parts/Page';
import { RelativeTime } from '../../parts/RelativeTime';
import { Section } from '../../parts/Section';
import { TwoLines } from '../../parts/TwoLines';
import { useNumberWords } from '../../parts/useNumberWords';
import { fleetList } from './fleetList';
import { Recorders } from './Recorders';
import { SlotsDialog } from './SlotsDialog';

/** The recorders, what waits for one, and how much of them each app may use. */
export function RecordersPage(): ReactNode {
  const { t } = useTranslation('recorders');
  const fleet = useQuery(fleetQuery);
  return (
    <Page title={t('heading')} lead={t('lead')}>
      <Recorders fleet={fleet} />
      <Queue fleet={fleet} />
      <Slots fleet={fleet} />
    </Page>
  );
}

type Fleet = UseQueryResult<RecordingFleet>;

function Queue({ fleet }: { fleet: Fleet }): ReactNode {
  const { t } = useTranslation(['recorders', 'recordings']);
  const { count } = useNumberWords();
  const columns: readonly Column<WaitingRecording>[] = [
    {
      key: 'app',
      header: t('col_app'),
      cell: (one) => <TwoLines first={one.app_name ?? one.app_id} second={one.room} />,
    },
    {
      key: 'place',
      header: t('queue.col_place'),
      align: 'end',
      cell: (one) => count(one.place),
    },
    {
      key: 'kind',
      header: t('queue.col_kind'),
      priority: 2,
      cell: (one) => t(`recordings:kind.${one.kind}`),
    },
    {
      key: 'needs',
      header: t('queue.col_needs'),
      align: 'end',
      priority: 3,
      cell: (one) => count(one.millicores),
    },
    {
      key: 'since',
      header: t('queue.col_since'),
      align: 'end',
      priority: 2,
      cell: (one) => <RelativeTime at={one.queued_at} />,
    },
    {
      key: 'expected',
      header: t('queue.col_expected'),
      align: 'end',
      cell: (one) =>
        one.expected_at === null ? t('queue.unknown') : <RelativeTime at={one.expected_at} />,
    },
  ];
  return (
    <Section title={t('queue.heading')} lead={t('queue.lead')}>
      <DataTable
        label={t('queue.heading')}
        columns={columns}
        list={fleetList(fleet, ({ queue }) => queue)}
        rowKey={(one) => one.recording_id}
        empty={<EmptyState icon={<IconRecord />} title={t('queue.empty')} />}
      />
    </Section>
  );
}

function Slots({ fleet }: { fleet: Fleet }): ReactNode {
  const { t } = useTranslation('recorders');
  const { count } = useNumberWords();
  const [open, setOpen] = useState<AppRecordingSlots | null>(null);
  const all = fleet.data;
  const columns: readonly Column<AppRecordingSlots>[] = [
    { key: 'app', header: t('col_app'), cell: (one) => one.app_name },
    {
      key: 'used',
      header: t('slots.col_used'),
      align: 'end',
      cell: (one) => count(one.used_millicores),
    },
    {
      key: 'guaranteed',
      header: t('slots.col_guaranteed'),
      align: 'end',
      cell: (one) => count(one.guaranteed_millicores),
    },
    {
      key: 'burst',
      header: t('slots.col_burst'),
      align: 'end',
      priority: 2,
      cell: (one) => (one.burst_millicores === null ? t('slots.all') : count(one.burst_millicores)),
    },
    {
      key: 'weight',
      header: t('slots.col_weight'),
      align: 'end',
      priority: 3,
      cell: (one) => count(one.weight),
    },
    {
      key: 'waiting',
      header: t('slots.col_waiting'),
      align: 'end',
      priority: 2,
      cell: (one) => count(one.waiting),
    },
    {
      key: 'set',
      header: t('col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (one) => (
        <button
          type="button"
          className="row-action"
          aria-label={t('slots.change_of', { name: one.app_name })}
          onClick={() => setOpen(one)}
        >
          {t('slots.change')}
        </button>
      ),
    },
  ];
  return (
    <Section title={t('slots.heading')} lead={t('slots.lead')}>
      {all && all.guaranteed_limit_millicores > 0 && (
        <Meter
          label={t('slots.guaranteed_label')}
          told={t('slots.guaranteed_told', {
            used: count(all.guaranteed_millicores),
            limit: count(all.guaranteed_limit_millicores),
          })}
          share={all.guaranteed_millicores / all.guaranteed_limit_millicores}
        />
      )}
      <DataTable
        label={t('slots.heading')}
        columns={columns}
        list={fleetList(fleet, ({ apps }) => apps)}
        rowKey={(one) => one.app_id}
        empty={
          <EmptyState icon={<IconGauge />} title={t('slots.empty')}>
            {t('slots.empty_text')}
          </EmptyState>
        }
      />
      {open && (
        <SlotsDialog appId={open.app_id} appName={open.app_name} onClose={() => setOpen(null)} />
      )}
    </Section>
  );
}
