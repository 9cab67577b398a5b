import { ApiProblem } from '@jumpa/api-client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { sharedRecordingQuery } from '../api/recordings';
import { Player } from '../client/recordings/Player';
import type { MakeLinks } from '../client/recordings/useTrackLinks';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SkeletonLines } from '../parts/SkeletonLines';
import { SignInFrame } from '../shell/SignInFrame';

/** A recording for whoever has its link. */
export function SharedRecordingPage(): ReactNode {
  return (
    <SignInFrame isWide>
      <SharedRecording />
    </SignInFrame>
  );
}

function SharedRecording(): ReactNode {
  const { t, i18n } = useTranslation('recordings');
  const { token = '' } = useParams({ strict: false });
  const queries = useQueryClient();
  const { data, error } = useQuery(sharedRecordingQuery(token));
  const recording = useMemo(
    () => data && { files: data.files.map(({ file }) => file), duration_ms: data.duration_ms },
    [data],
  );
  if (error instanceof ApiProblem && error.code === 'recording_link_invalid') {
    return <Page title={t('shared.gone_title')}>{t('shared.gone_text')}</Page>;
  }
  if (!data || !recording) {
    return (
      <Page title={t('shared.loading')}>
        {error ? (
          <ProblemNotice error={error} title={t('shared.failed')} />
        ) : (
          <SkeletonLines count={4} />
        )}
      </Page>
    );
  }
  const poster = data.files.find(({ file }) => file.role === 'poster');
  const makeLinks: MakeLinks = async () => {
    // Those of before, until they are about to end.
    const { files } = await queries.fetchQuery(sharedRecordingQuery(token));
    return files.map(({ file, link }) => [file.id, link] as const);
  };
  const moments = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'long', timeStyle: 'short' });
  const words = (at: string | null) => (at ? moments.format(new Date(at)) : '–');
  return (
    <Page
      title={data.room}
      lead={t('shared.lead', { at: words(data.started_at), until: words(data.expires_at) })}
    >
      {recording.files.length > 0 ? (
        <Player recording={recording} poster={poster?.link.url} makeLinks={makeLinks} />
      ) : (
        <p>{t('shared.nothing')}</p>
      )}
    </Page>
  );
}
