import { Notice } from '@jumpa/ui';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { wholeList } from '../../api/answeredList';
import { saveEvidence } from '../../api/exports';
import {
  listRecordingViews,
  type RecordingDetail,
  type RecordingView,
  recordingsKey,
  verifyRecording,
} from '../../api/recordings';
import { useKeysetQuery } from '../../api/useKeysetQuery';
import { IconAlertTriangle, IconDownload, IconShieldCheck } from '../../icons';
import { Card } from '../../parts/Card';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { Moment } from '../../parts/Moment';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Section } from '../../parts/Section';
import { Stack } from '../../parts/Stack';
import { StatusDot } from '../../parts/StatusDot';
import { TwoLines } from '../../parts/TwoLines';
import { useClient } from '../useClient';
import { useZone } from '../useZone';
import styles from './RecordingPage.module.css';

type Person = RecordingDetail['people'][number];

/** What proves a recording: checksums, who was in it and agreed, and who looked at it. */
export function Evidence({ recording }: { recording: RecordingDetail }): ReactNode {
  const { mayPlay } = useClient();
  return (
    <>
      {mayPlay && recording.files.length > 0 && <Proof recording={recording} />}
      <People recording={recording} />
      <Views recording={recording.id} />
    </>
  );
}

function Proof({ recording }: { recording: RecordingDetail }): ReactNode {
  const { t } = useTranslation('recordings');
  const { tenantId } = useClient();
  const queries = useQueryClient();
  const { id } = recording;
  const onSettled = () => queries.invalidateQueries({ queryKey: recordingsKey(tenantId) });
  const verify = useMutation({ mutationFn: () => verifyRecording(tenantId, id), onSettled });
  const save = useMutation({ mutationFn: () => saveEvidence(tenantId, id), onSettled });
  const error = verify.error ?? save.error;
  const changed = verify.data?.files.filter(({ is_intact }) => !is_intact) ?? [];
  return (
    <Card title={t('evidence.heading')} lead={t('evidence.lead')}>
      <Stack>
        <div className={styles.buttons}>
          {!recording.purged_at && (
            <Button
              leftSection={<IconShieldCheck size={18} aria-hidden="true" />}
              loading={verify.isPending}
              onClick={() => verify.mutate()}
            >
              {t('evidence.verify')}
            </Button>
          )}
          <Button
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden="true" />}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {t('evidence.save')}
          </Button>
        </div>
        {verify.data &&
          (verify.data.is_intact ? (
            <Notice
              tone="good"
              isUrgent={false}
              icon={<IconShieldCheck />}
              title={t('evidence.intact', { count: verify.data.files.length })}
            />
          ) : (
            <Notice
              tone="danger"
              icon={<IconAlertTriangle />}
              title={t('evidence.changed', { count: changed.length })}
            >
              {changed.map(({ name }) => name).join(', ')}
            </Notice>
          ))}
        {error && <ProblemNotice error={error} />}
      </Stack>
    </Card>
  );
}

function People({ recording }: { recording: RecordingDetail }): ReactNode {
  const { t } = useTranslation('recordings');
  const zone = useZone();
  const columns: readonly Column<Person>[] = [
    {
      key: 'name',
      header: t('evidence.name'),
      cell: ({ name, subject }) => (subject ? <TwoLines first={name} second={subject} /> : name),
    },
    {
      key: 'joined',
      header: t('evidence.joined'),
      priority: 2,
      cell: ({ joined_at }) => <Moment at={joined_at} zone={zone} show="time" />,
    },
    {
      key: 'left',
      header: t('evidence.left'),
      priority: 2,
      cell: ({ left_at }) =>
        left_at ? <Moment at={left_at} zone={zone} show="time" /> : t('evidence.still_in'),
    },
    {
      key: 'consent',
      header: t('evidence.consent'),
      cell: ({ participant_id }) => {
        const answers = recording.consents.filter((one) => one.participant_id === participant_id);
        if (answers.length === 0) return t('evidence.no_consent');
        return answers.map((answer) => <Answer key={answer.consented_at} answer={answer} />);
      },
    },
  ];
  return (
    <Section title={t('evidence.people')}>
      <DataTable
        label={t('evidence.people')}
        columns={columns}
        list={wholeList(recording.people)}
        rowKey={({ participant_id, joined_at }) => `${participant_id} ${joined_at}`}
        empty={<EmptyState title={t('evidence.nobody')} />}
      />
    </Section>
  );
}

/** What somebody answered when they were asked, and when; whoever began the recording was not asked. */
function Answer({ answer }: { answer: RecordingDetail['consents'][number] }): ReactNode {
  const { t } = useTranslation('recordings');
  const zone = useZone();
  const { agrees, is_starter, consented_at } = answer;
  const words = is_starter
    ? t('evidence.started_it')
    : agrees
      ? t('evidence.agreed')
      : t('evidence.refused');
  return (
    <div>
      <StatusDot tone={agrees ? 'good' : 'danger'}>
        {words} <Moment at={consented_at} zone={zone} />
      </StatusDot>
    </div>
  );
}

function Views({ recording }: { recording: string }): ReactNode {
  const { t, i18n } = useTranslation('recordings');
  const { tenantId } = useClient();
  const zone = useZone();
  const list = useKeysetQuery([...recordingsKey(tenantId), recording, 'views'], (cursor, signal) =>
    listRecordingViews(tenantId, recording, cursor, signal),
  );
  // Kinds of later servers are shown by their own name.
  const whatOf = (kind: string) =>
    i18n.exists(`recordings:evidence.view.${kind}`)
      ? t(`evidence.view.${kind as 'file' | 'link_opened' | 'evidence'}`)
      : kind;
  const columns: readonly Column<RecordingView>[] = [
    { key: 'who', header: t('evidence.viewer'), cell: ({ viewer }) => viewer },
    { key: 'what', header: t('evidence.what'), cell: ({ kind }) => whatOf(kind) },
    { key: 'at', header: t('evidence.at'), cell: ({ at }) => <Moment at={at} zone={zone} /> },
    {
      key: 'address',
      header: t('evidence.address'),
      priority: 2,
      cell: ({ address }) => address ?? '–',
    },
  ];
  return (
    <Section title={t('evidence.views')} lead={t('evidence.views_lead')}>
      <DataTable
        label={t('evidence.views')}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('evidence.no_views')} />}
      />
    </Section>
  );
}
