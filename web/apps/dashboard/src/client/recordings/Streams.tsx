import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { wholeList } from '../../api/answeredList';
import {
  isOver,
  type RecordingDetail,
  recordingsKey,
  setStreamTargets,
} from '../../api/recordings';
import type { RecordingTarget } from '../../api/streamTargets';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { Moment } from '../../parts/Moment';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Section } from '../../parts/Section';
import { StatusDot } from '../../parts/StatusDot';
import { TwoLines } from '../../parts/TwoLines';
import { useClient } from '../useClient';
import { useZone } from '../useZone';

const TONES = {
  connecting: 'neutral',
  live: 'good',
  reconnecting: 'attention',
  refused: 'danger',
  ended: 'neutral',
} as const satisfies Record<RecordingTarget['state'], string>;

/** Where a stream is or was sent, and how that goes. */
export function Streams({ recording }: { recording: RecordingDetail }): ReactNode {
  const { t, i18n } = useTranslation('recordings');
  const { tenantId, mayChange } = useClient();
  const queries = useQueryClient();
  const zone = useZone();
  const open = recording.targets.filter(({ state }) => state !== 'ended');
  const stop = useMutation({
    mutationFn: (id: string) =>
      setStreamTargets(
        tenantId,
        recording.id,
        open.filter((one) => one.id !== id).map((one) => ({ id: one.id })),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: recordingsKey(tenantId) }),
  });
  // The last one ends with the stream itself.
  const mayStop = mayChange('recordings') && !isOver(recording) && open.length > 1;
  const columns: readonly Column<RecordingTarget>[] = [
    {
      key: 'name',
      header: t('streams.place'),
      cell: ({ name, url, key_end }) => (
        <TwoLines first={name} second={t('streams.address', { url, end: key_end })} />
      ),
    },
    {
      key: 'state',
      header: t('state_of'),
      cell: ({ state, failure, bitrate_bps }) => {
        const sign = <StatusDot tone={TONES[state]}>{t(`streams.state.${state}`)}</StatusDot>;
        if (failure && state !== 'live') {
          return <TwoLines first={sign} second={t(`streams.failure.${failure}`)} />;
        }
        const rate = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
        return state === 'live' && bitrate_bps !== null ? (
          <TwoLines
            first={sign}
            second={t('streams.rate', { rate: rate.format(bitrate_bps / 1_000_000) })}
          />
        ) : (
          sign
        );
      },
    },
    {
      key: 'started',
      header: t('streams.since'),
      priority: 2,
      cell: ({ started_at }) => (started_at ? <Moment at={started_at} zone={zone} /> : '–'),
    },
    {
      key: 'viewers',
      header: t('streams.viewers'),
      priority: 3,
      cell: ({ viewer_url, name }) =>
        viewer_url ? (
          <a
            href={viewer_url}
            target="_blank"
            rel="noreferrer"
            className="text-link"
            aria-label={t('streams.watch_of', { name })}
          >
            {t('streams.watch')}
          </a>
        ) : (
          '–'
        ),
    },
    ...(mayStop
      ? [
          {
            key: 'acts',
            header: t('acts.label'),
            isHeaderHidden: true,
            align: 'end' as const,
            cell: ({ id, name, state }: RecordingTarget) =>
              state !== 'ended' && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={t('streams.stop_of', { name })}
                  loading={stop.isPending && stop.variables === id}
                  onClick={() => stop.mutate(id)}
                >
                  {t('streams.stop')}
                </Button>
              ),
          },
        ]
      : []),
  ];
  return (
    <Section title={t('streams.heading')}>
      {stop.error && <ProblemNotice error={stop.error} />}
      <DataTable
        label={t('streams.label')}
        columns={columns}
        list={wholeList(recording.targets)}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('streams.none')} />}
      />
    </Section>
  );
}
