import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { drainRecorder, fleetQuery, type Recorder, type RecordingFleet } from '../../api/recorders';
import { IconServer } from '../../icons';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Section } from '../../parts/Section';
import { StatusDot, type StatusDotProps } from '../../parts/StatusDot';
import { TwoLines } from '../../parts/TwoLines';
import { useNumberWords } from '../../parts/useNumberWords';
import { fleetList } from './fleetList';
import styles from './Recorders.module.css';

/** How a disk stands out, by what is done about it. */
const LEVEL_TONES = {
  roomy: 'good',
  filling: 'attention',
  scarce: 'danger',
  sound_only: 'danger',
} as const satisfies Record<NonNullable<Recorder['spool_level']>, StatusDotProps['tone']>;

/** The recorders with what they are at, and the way to empty one. */
export function Recorders({ fleet }: { fleet: UseQueryResult<RecordingFleet> }): ReactNode {
  const { t } = useTranslation(['recorders', 'recordings']);
  const { bytes, count } = useNumberWords();
  const queries = useQueryClient();
  const [draining, setDraining] = useState<Recorder | null>(null);
  const drain = useMutation({
    mutationFn: ({ recorder, isDraining }: { recorder: Recorder; isDraining: boolean }) =>
      drainRecorder(recorder.id, isDraining),
    onSuccess: async () => {
      setDraining(null);
      await queries.invalidateQueries({ queryKey: fleetQuery.queryKey });
    },
  });
  const state = (one: Recorder) => {
    if (one.connected_at === null) return { tone: 'danger', word: t('state.away') } as const;
    if (one.is_draining) return { tone: 'attention', word: t('state.draining') } as const;
    return { tone: 'good', word: t('state.connected') } as const;
  };
  const disk = ({ spool_free_bytes, spool_level }: Recorder) =>
    spool_free_bytes !== null &&
    spool_level !== null && (
      <StatusDot tone={LEVEL_TONES[spool_level]}>
        {t(`level.${spool_level}`, { free: bytes(spool_free_bytes) })}
      </StatusDot>
    );
  const columns: readonly Column<Recorder>[] = [
    {
      key: 'recorder',
      header: t('col_recorder'),
      cell: (one) => (
        <TwoLines first={<code className="mono">{one.id}</code>} second={one.version ?? '–'} />
      ),
    },
    {
      key: 'state',
      header: t('col_state'),
      cell: (one) => {
        const { tone, word } = state(one);
        return (
          <div className={styles.states}>
            <StatusDot tone={tone}>{word}</StatusDot>
            {one.has_folder === false && (
              <StatusDot tone="attention">{t('other_folder')}</StatusDot>
            )}
            {disk(one)}
          </div>
        );
      },
    },
    {
      key: 'jobs',
      header: t('col_jobs'),
      priority: 2,
      cell: (one) =>
        one.jobs.length === 0 ? (
          t('no_jobs')
        ) : (
          <ul className={styles.jobs}>
            {one.jobs.map((job) => (
              <li key={job.recording_id}>
                {job.app_name ?? job.app_id} · {job.room} · {t(`recordings:state.${job.state}`)}
              </li>
            ))}
          </ul>
        ),
    },
    {
      key: 'load',
      header: t('col_load'),
      align: 'end',
      priority: 2,
      cell: (one) => (
        <TwoLines
          first={t('load_of', {
            used: count(one.promised_millicores),
            limit: count(one.capacity_millicores),
          })}
          second={t('measured', { used: count(one.used_millicores) })}
        />
      ),
    },
    {
      key: 'drain',
      header: t('col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (one) => (
        <button
          type="button"
          className="row-action"
          aria-label={t(one.is_draining ? 'undrain_of' : 'drain_of', { name: one.id })}
          onClick={() =>
            one.is_draining ? drain.mutate({ recorder: one, isDraining: false }) : setDraining(one)
          }
        >
          {one.is_draining ? t('undrain') : t('drain')}
        </button>
      ),
    },
  ];
  return (
    <Section title={t('fleet_heading')}>
      {drain.error && !draining && <ProblemNotice error={drain.error} />}
      <DataTable
        label={t('fleet_heading')}
        columns={columns}
        list={fleetList(fleet, ({ recorders }) => recorders)}
        rowKey={(one) => one.id}
        empty={
          <EmptyState icon={<IconServer />} title={t('empty')}>
            {t('empty_text')}
          </EmptyState>
        }
      />
      {draining && (
        <ConfirmDialog
          title={t('drain_title', { id: draining.id })}
          consequence={t('drain_consequence')}
          action={t('drain')}
          isBusy={drain.isPending}
          error={drain.error}
          onConfirm={() => drain.mutate({ recorder: draining, isDraining: true })}
          onClose={() => setDraining(null)}
        />
      )}
    </Section>
  );
}
