import { Notice } from '@jumpa/ui';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { appsQuery } from '../../api/clientApps';
import { linkFile, posterQuery, type RecordingDetail, recordingQuery } from '../../api/recordings';
import { IconAlertTriangle, IconTrash } from '../../icons';
import { Answered } from '../../parts/Answered';
import { Card } from '../../parts/Card';
import { Code } from '../../parts/Code';
import { Facts } from '../../parts/Facts';
import { later } from '../../parts/later';
import { Moment } from '../../parts/Moment';
import { Page } from '../../parts/Page';
import { SkeletonLines } from '../../parts/SkeletonLines';
import { TwoLines } from '../../parts/TwoLines';
import { useNumberWords } from '../../parts/useNumberWords';
import { useClient } from '../useClient';
import { useZone } from '../useZone';
import { Evidence } from './Evidence';
import { RecordingActs } from './RecordingActs';
import { RecordingFiles } from './RecordingFiles';
import { RecordingState } from './RecordingState';
import { Streams } from './Streams';
import { tracksOf } from './tracks';

const Player = later(async () => (await import('./Player')).Player);

/** One recording: to see and hear, with its files and what proves it. */
export function RecordingPage(): ReactNode {
  const { t } = useTranslation('recordings');
  const { tenantId, mayPlay } = useClient();
  const { recordingId = '' } = useParams({ strict: false });
  const query = useQuery(recordingQuery(tenantId, recordingId));
  const hasPoster = query.data?.files.some(({ role }) => role === 'poster') ?? false;
  const poster = useQuery({
    ...posterQuery(tenantId, query.data),
    enabled: mayPlay && hasPoster,
  }).data;
  return (
    <Page
      title={query.data?.room ?? t('heading')}
      parent={
        <Link to="/t/$tenantId/recordings" params={{ tenantId }}>
          {t('heading')}
        </Link>
      }
      action={query.data && <RecordingActs recording={query.data} />}
    >
      <Answered
        query={query}
        failed={t('failed')}
        skeleton={
          <Card>
            <SkeletonLines count={4} />
          </Card>
        }
      >
        {(recording) => (
          <>
            <Trouble recording={recording} />
            {mayPlay && !recording.deleted_at && tracksOf(recording).length > 0 && (
              <Player
                key={recording.id}
                recording={recording}
                poster={poster?.url}
                makeLinks={(tracks) =>
                  Promise.all(
                    tracks.map(
                      async ({ id }) => [id, await linkFile(tenantId, recording.id, id)] as const,
                    ),
                  )
                }
              />
            )}
            {recording.targets.length > 0 && <Streams recording={recording} />}
            <RecordingFacts recording={recording} />
            <RecordingFiles recording={recording} />
            <Evidence recording={recording} />
          </>
        )}
      </Answered>
    </Page>
  );
}

/** Says why there is nothing to play, or for how long still. */
function Trouble({ recording }: { recording: RecordingDetail }): ReactNode {
  const { t } = useTranslation('recordings');
  const { failure, detail, is_sound_only, ended_at } = recording;
  const { deleted_at, deleted_by, delete_reason, purged_at } = recording;
  const isFailed = recording.state === 'failed' && failure;
  return (
    <>
      {isFailed && (
        <Notice
          tone="danger"
          isUrgent={false}
          icon={<IconAlertTriangle />}
          title={`${t('failed_title')}: ${t(`failure.${failure}`)}`}
        >
          <p>{t(`failure_next.${failure}`)}</p>
          {detail && (
            <p>
              {t('failed_words')} <q lang="en">{detail}</q>
            </p>
          )}
        </Notice>
      )}
      {is_sound_only && (
        <Notice
          tone="attention"
          icon={<IconAlertTriangle />}
          title={ended_at ? t('sound_only_was') : t('sound_only_now')}
        >
          {t('sound_only_text')}
        </Notice>
      )}
      {(deleted_at ?? purged_at) && (
        <Notice
          tone="attention"
          isUrgent={false}
          icon={<IconTrash />}
          title={purged_at ? t('removed') : t('deleted_title')}
        >
          {purged_at
            ? t('removed_text')
            : t('deleted_text', { by: deleted_by, reason: delete_reason })}
        </Notice>
      )}
    </>
  );
}

function RecordingFacts({ recording }: { recording: RecordingDetail }): ReactNode {
  const { t } = useTranslation('recordings');
  const words = useNumberWords();
  const zone = useZone();
  const { tenantId } = useClient();
  const apps = useQuery(appsQuery(tenantId)).data ?? [];
  const { app_id, started_at, queued_at, duration_ms, bytes, expires_at } = recording;
  const kept = recording.has_legal_hold ? (
    t('held')
  ) : expires_at ? (
    <Moment at={expires_at} zone={zone} />
  ) : (
    t('no_expiry')
  );
  return (
    <Card>
      <Facts
        facts={[
          { name: t('state_of'), value: <RecordingState recording={recording} /> },
          { name: t('kind_of'), value: <Kind recording={recording} /> },
          { name: t('started'), value: <Moment at={started_at ?? queued_at} zone={zone} /> },
          {
            name: t('length'),
            value: duration_ms === null ? '–' : words.length(duration_ms / 1_000),
          },
          { name: t('size'), value: bytes === 0 ? '–' : words.bytes(bytes) },
          { name: t('app'), value: apps.find(({ id }) => id === app_id)?.name ?? app_id },
          { name: t('by'), value: recording.requested_by },
          { name: t('expires'), value: kept },
          {
            name: t('call'),
            value: (
              <Link
                to="/t/$tenantId/calls/$callId"
                params={{ tenantId, callId: recording.call_id }}
                className="text-link"
              >
                {t('to_call')}
              </Link>
            ),
          },
          { name: t('id'), value: <Code copy={recording.id} /> },
        ]}
      />
    </Card>
  );
}

/** What becomes of the call, and what was asked for where that is something else. */
function Kind({ recording }: { recording: RecordingDetail }): ReactNode {
  const { t } = useTranslation('recordings');
  const { kind, layout, height, fell_back_from } = recording;
  const name = t(`kind.${kind}`);
  if (fell_back_from) {
    return <TwoLines first={name} second={t('fell_back', { kind: t(`kind.${fell_back_from}`) })} />;
  }
  const hasPicture = kind === 'composite' || kind === 'stream';
  return hasPicture ? (
    <TwoLines first={name} second={t('picture', { layout: t(`layout.${layout}`), height })} />
  ) : (
    name
  );
}
