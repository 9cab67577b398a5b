import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Call, type CallFilter, listCalls, QUALITIES } from '../../api/calls';
import { appsQuery } from '../../api/clientApps';
import { saveCalls } from '../../api/exports';
import { useKeysetQuery } from '../../api/useKeysetQuery';
import { IconPhone } from '../../icons';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { ExportMenu } from '../../parts/ExportMenu';
import { FilterSelect } from '../../parts/FilterSelect';
import { Moment } from '../../parts/Moment';
import { Page } from '../../parts/Page';
import { StatusDot } from '../../parts/StatusDot';
import { TwoLines } from '../../parts/TwoLines';
import { useNumberWords } from '../../parts/useNumberWords';
import { FirstCallLink } from '../FirstCallLink';
import { NarrowingFilters } from '../NarrowingFilters';
import { useClient } from '../useClient';
import { useNarrowing } from '../useNarrowing';
import { useZone } from '../useZone';
import { QualityDot } from './QualityDot';

const STATES = ['live', 'ended'] as const;

/** The calls of a period, the newest first. */
export function CallsPage(): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  const { tenantId: tenant } = useClient();
  const { filters, setFilters, narrowing, isReady, isNarrowed, widen } = useNarrowing([
    'state',
    'quality',
  ]);
  const zone = useZone();
  const apps = useQuery(appsQuery(tenant)).data ?? [];
  const filter: CallFilter = {
    ...narrowing,
    state: STATES.find((state) => state === filters.state),
    quality: QUALITIES.find((quality) => quality === filters.quality),
  };
  const list = useKeysetQuery(
    ['tenant', tenant, 'calls', filter],
    (cursor, signal) => listCalls(tenant, filter, cursor, signal),
    { isReady },
  );
  const nameOf = (app: string) => apps.find(({ id }) => id === app)?.name ?? app;
  const columns: readonly Column<Call>[] = [
    {
      key: 'room',
      header: t('calls.room'),
      cell: (call) => {
        const link = (
          <Link
            to="/t/$tenantId/calls/$callId"
            params={{ tenantId: tenant, callId: call.id }}
            data-row-link
          >
            {call.room}
          </Link>
        );
        return apps.length > 1 ? <TwoLines first={link} second={nameOf(call.app_id)} /> : link;
      },
    },
    {
      key: 'started',
      header: t('calls.started'),
      cell: (call) => <Moment at={call.started_at} zone={zone} />,
    },
    {
      key: 'length',
      header: t('calls.length'),
      align: 'end',
      cell: (call) =>
        call.is_live ? (
          <StatusDot tone="attention">{t('calls.live')}</StatusDot>
        ) : (
          words.length(call.duration_s)
        ),
    },
    {
      key: 'participants',
      header: t('calls.participants'),
      align: 'end',
      priority: 2,
      cell: (call) => words.count(call.participants),
    },
    {
      key: 'minutes',
      header: t('calls.minutes'),
      align: 'end',
      priority: 3,
      cell: (call) => words.minutes(call.participant_minutes),
    },
    {
      key: 'quality',
      header: t('calls.quality'),
      priority: 2,
      cell: (call) => <QualityDot quality={call.quality} />,
    },
  ];
  return (
    <Page
      title={t('calls.heading')}
      action={<ExportMenu onSave={(format) => saveCalls(tenant, filter, format)} />}
      filters={
        <NarrowingFilters>
          <FilterSelect
            label={t('calls.state')}
            value={filters.state}
            options={[
              { value: '', label: t('calls.every_state') },
              { value: 'live', label: t('calls.state_live') },
              { value: 'ended', label: t('calls.state_ended') },
            ]}
            onChoose={(state) => setFilters({ state })}
          />
          <FilterSelect
            label={t('calls.quality')}
            value={filters.quality}
            options={[
              { value: '', label: t('calls.every_quality') },
              ...QUALITIES.map((value) => ({ value, label: t(`quality.${value}`) })),
            ]}
            onChoose={(quality) => setFilters({ quality })}
          />
        </NarrowingFilters>
      }
    >
      <DataTable
        label={t('calls.heading')}
        columns={columns}
        list={list}
        rowKey={(call) => call.id}
        empty={
          <EmptyState
            icon={<IconPhone />}
            title={isNarrowed ? t('calls.no_match_title') : t('calls.empty_title')}
            action={
              isNarrowed ? (
                <Button variant="default" onClick={widen}>
                  {t('calls.no_match_action')}
                </Button>
              ) : (
                <FirstCallLink />
              )
            }
          >
            {isNarrowed ? t('calls.no_match_text') : t('calls.empty_text')}
          </EmptyState>
        }
      />
    </Page>
  );
}
