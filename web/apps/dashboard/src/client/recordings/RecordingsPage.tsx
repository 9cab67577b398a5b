import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { appsQuery } from '../../api/clientApps';
import {
  type ListedRecording,
  listRecordings,
  RECORDING_KINDS,
  RECORDING_STATES,
  RECORDINGS_MS,
  type RecordingFilter,
  recordingsKey,
} from '../../api/recordings';
import { useKeysetQuery } from '../../api/useKeysetQuery';
import { IconVideo } from '../../icons';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { FilterSelect } from '../../parts/FilterSelect';
import { LinkButton } from '../../parts/LinkButton';
import { Moment } from '../../parts/Moment';
import { Page } from '../../parts/Page';
import { useNumberWords } from '../../parts/useNumberWords';
import { NarrowingFilters } from '../NarrowingFilters';
import { useClient } from '../useClient';
import { useNarrowing } from '../useNarrowing';
import { useZone } from '../useZone';
import { PeopleNames } from './PeopleNames';
import { NameSkeleton, RecordingName } from './RecordingName';
import { RecordingState } from './RecordingState';
import { StorageLine } from './StorageLine';

/** The recordings of a period, the newest first; what waits and runs is told as it goes. */
export function RecordingsPage(): ReactNode {
  const { t } = useTranslation('recordings');
  const words = useNumberWords();
  const { tenantId: tenant } = useClient();
  const { filters, setFilters, narrowing, isReady, isNarrowed, widen } = useNarrowing([
    'state',
    'kind',
    'status',
    'search',
  ]);
  const zone = useZone();
  const apps = useQuery(appsQuery(tenant)).data ?? [];
  const filter: RecordingFilter = {
    ...narrowing,
    search: filters.search,
    state: RECORDING_STATES.find((state) => state === filters.state),
    kind: RECORDING_KINDS.find((kind) => kind === filters.kind),
    status: filters.status === 'deleted' ? 'deleted' : undefined,
  };
  const list = useKeysetQuery(
    [...recordingsKey(tenant), 'list', filter],
    (cursor, signal) => listRecordings(tenant, filter, cursor, signal),
    { isReady, everyMs: RECORDINGS_MS },
  );
  const nameOf = (app: string) => apps.find(({ id }) => id === app)?.name ?? app;
  const columns: readonly Column<ListedRecording>[] = [
    {
      key: 'room',
      header: t('room'),
      cell: (recording) => (
        <RecordingName
          tenant={tenant}
          recording={recording}
          app={apps.length > 1 ? nameOf(recording.app_id) : null}
          zone={zone}
        />
      ),
      skeleton: <NameSkeleton />,
    },
    {
      key: 'state',
      header: t('state_of'),
      cell: (recording) => <RecordingState recording={recording} />,
    },
    {
      key: 'people',
      header: t('people'),
      priority: 2,
      cell: (recording) => <PeopleNames recording={recording} />,
    },
    {
      key: 'started',
      header: t('started'),
      priority: 2,
      cell: ({ started_at, queued_at }) => <Moment at={started_at ?? queued_at} zone={zone} />,
    },
    {
      key: 'length',
      header: t('length'),
      align: 'end',
      priority: 3,
      cell: ({ duration_ms }) => (duration_ms === null ? '–' : words.length(duration_ms / 1_000)),
    },
    {
      key: 'size',
      header: t('size'),
      align: 'end',
      priority: 3,
      cell: ({ bytes }) => (bytes === 0 ? '–' : words.bytes(bytes)),
    },
  ];
  const [app] = apps;
  return (
    <Page
      title={t('heading')}
      filters={
        <NarrowingFilters texts={['search']}>
          <FilterSelect
            label={t('state_of')}
            value={filters.state}
            options={[
              { value: '', label: t('every_state') },
              ...RECORDING_STATES.map((value) => ({ value, label: t(`state.${value}`) })),
            ]}
            onChoose={(state) => setFilters({ state })}
          />
          <FilterSelect
            label={t('kind_of')}
            value={filters.kind}
            options={[
              { value: '', label: t('every_kind') },
              ...RECORDING_KINDS.map((value) => ({ value, label: t(`kind.${value}`) })),
            ]}
            onChoose={(kind) => setFilters({ kind })}
          />
          <FilterSelect
            label={t('kept_or_deleted')}
            value={filters.status}
            options={[
              { value: '', label: t('kept') },
              { value: 'deleted', label: t('deleted') },
            ]}
            onChoose={(status) => setFilters({ status })}
          />
        </NarrowingFilters>
      }
    >
      <StorageLine app={filters.app} />
      <DataTable
        label={t('heading')}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <EmptyState
            icon={<IconVideo />}
            title={isNarrowed ? t('no_match_title') : t('empty_title')}
            action={
              isNarrowed ? (
                <Button variant="default" onClick={widen}>
                  {t('no_match_action')}
                </Button>
              ) : (
                app && (
                  <LinkButton
                    to="/t/$tenantId/apps/$appId/start"
                    params={{ tenantId: tenant, appId: app.id }}
                  >
                    {t('empty_action')}
                  </LinkButton>
                )
              )
            }
          >
            {isNarrowed ? t('no_match_text') : <HowToRecord app={app?.id ?? 'APP'} />}
          </EmptyState>
        }
      />
    </Page>
  );
}

/** The two ways to a first recording. */
function HowToRecord({ app }: { app: string }): ReactNode {
  const { t } = useTranslation('recordings');
  return (
    <>
      <p>{t('empty_text')}</p>
      <p>{t('empty_api')}</p>
      <p>
        <code className="mono">{`POST /v1/apps/${app}/rooms/{room}/recordings`}</code>
      </p>
    </>
  );
}
