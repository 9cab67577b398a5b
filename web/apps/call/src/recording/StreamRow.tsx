import type { RecordingView, StreamView } from '@jumpa/sdk';
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconCheck, IconLink } from '../icons';
import styles from './RecordingsDialog.module.css';
import { isPending } from './recordings';
import { streamFailureKey } from './recordingWords';
import { useRecordingControls } from './useRecordingControls';

const TONES = {
  connecting: 'info',
  live: 'good',
  reconnecting: 'attention',
  refused: 'danger',
  ended: 'neutral',
} as const satisfies Record<StreamView['state'], string>;

export interface StreamRowProps {
  stream: StreamView;
  recording: RecordingView;
  isModerator: boolean;
  /** Whether this place alone can be taken out; the last one ends with the stream. */
  mayStop: boolean;
}

/** One place to which the call is streamed: how it is, why, and where viewers see it. */
export function StreamRow({ stream, recording, isModerator, mayStop }: StreamRowProps): ReactNode {
  const { t, i18n } = useTranslation();
  const { sendTo } = useRecordingControls();
  const [isBusy, setBusy] = useState(false);
  const { id, name, state, bitrateBps, failure, viewerUrl } = stream;
  const tone = state in TONES ? TONES[state] : 'neutral';
  const rate = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const stop = () => {
    const others = recording.streams.filter((one) => one.id !== id && one.state !== 'ended');
    setBusy(true);
    sendTo(
      recording.id,
      others.map((one) => ({ id: one.id })),
    ).finally(() => setBusy(false));
  };
  return (
    <li className={styles.stream}>
      <div className={styles.words}>
        <p className={styles.name}>{name}</p>
        {!isPending(recording) && (
          <p className={styles.state} data-tone={tone}>
            <span className={styles.dot} aria-hidden="true" />
            {t(`recording.stream.${state in TONES ? state : 'connecting'}`)}
            {state === 'live' && bitrateBps !== undefined && (
              <span className={styles.rate}>
                {t('recording.stream.rate', { rate: rate.format(bitrateBps / 1_000_000) })}
              </span>
            )}
          </p>
        )}
        {isModerator && failure && state !== 'live' && state !== 'ended' && (
          <p className={styles.why}>{t(streamFailureKey(failure))}</p>
        )}
      </div>
      <div className={styles.acts}>
        {viewerUrl && <CopyViewerLink name={name} url={viewerUrl} />}
        {mayStop && state !== 'ended' && (
          <Button
            size="sm"
            variant="default"
            loading={isBusy}
            aria-label={t('recording.stream.stop_of', { name })}
            onClick={stop}
          >
            {t('recording.stream.stop')}
          </Button>
        )}
      </div>
    </li>
  );
}

function CopyViewerLink({ name, url }: { name: string; url: string }): ReactNode {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard
      .writeText(url)
      .then(() => setCopied(true))
      .catch(() => setCopied(false));
  };
  return (
    <>
      <a
        className={styles.link}
        href={url}
        target="_blank"
        rel="noreferrer"
        aria-label={t('recording.stream.watch_of', { name })}
      >
        {t('recording.stream.watch')}
      </a>
      <Button
        size="sm"
        variant="default"
        leftSection={isCopied ? <IconCheck aria-hidden="true" /> : <IconLink aria-hidden="true" />}
        aria-label={isCopied ? t('common.link_copied') : t('recording.stream.copy_of', { name })}
        onClick={copy}
      >
        {isCopied ? t('common.link_copied') : t('recording.stream.copy')}
      </Button>
    </>
  );
}
