import type { RecordingView } from '@jumpa/sdk';
import { MAX_TARGETS } from '@jumpa/ui';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import type { Dialog } from '../call/callUi';
import { DialogFrame } from '../dialogs/DialogFrame';
import { spokenDuration } from '../i18n/duration';
import { useNow } from '../i18n/useNow';
import { useLocalParticipant, useRoomPart } from '../session/RoomContext';
import styles from './RecordingsDialog.module.css';
import { isNeeded, isPending, isStream } from './recordings';
import { StreamRow } from './StreamRow';
import { useQueueWords } from './useQueueWords';
import { useRecordedBy } from './useRecordedBy';

/** What is recorded and shown outside, how that goes, and for moderators the way to end it. */
export function RecordingsDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { dispatch } = useCallUi();
  const recordings = useRoomPart((state) => state.recordings);
  const isModerator = useLocalParticipant()?.isModerator ?? false;
  const open = (dialog: Dialog) => dispatch({ type: 'dialog_opened', dialog });
  return (
    <DialogFrame title={t('recording.overview_title')} size="middle" onClose={onClose}>
      {recordings.length === 0 && <p>{t('recording.overview_empty')}</p>}
      <ul className={styles.recordings}>
        {recordings.map((recording) => (
          <Row
            key={recording.id}
            recording={recording}
            isNeeded={isNeeded(recording, recordings)}
            isModerator={isModerator}
            onOpen={open}
          />
        ))}
      </ul>
      {isModerator && (
        <div className={styles.starts}>
          {recordings.every(isStream) && (
            <Button variant="default" onClick={() => open({ name: 'record' })}>
              {t('recording.record')}
            </Button>
          )}
          {!recordings.some(isStream) && (
            <Button variant="default" onClick={() => open({ name: 'go_live' })}>
              {t('recording.go_live')}
            </Button>
          )}
        </div>
      )}
    </DialogFrame>
  );
}

function Row({
  recording,
  isNeeded: mustGoOn,
  isModerator,
  onOpen,
}: {
  recording: RecordingView;
  isNeeded: boolean;
  isModerator: boolean;
  onOpen: (dialog: Dialog) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const recordedBy = useRecordedBy();
  const queueWords = useQueueWords();
  const now = useNow();
  const { id, kind, startedAtMs } = recording;
  const open = recording.streams.filter(({ state }) => state !== 'ended');
  const duration = startedAtMs === null ? null : spokenDuration(now - startedAtMs, i18n.language);
  return (
    <li className={styles.recording}>
      <div className={styles.head}>
        <div className={styles.words}>
          <h3 className={styles.kind}>{t(`recording.kind.${kind}`)}</h3>
          <p className={styles.state}>
            {isPending(recording) || duration === null
              ? queueWords(recording)
              : `${recordedBy(recording)}. ${t('recording.runs_for', { duration })}`}
          </p>
          {recording.isSoundOnly && (
            <p className={styles.why} data-tone="attention">
              {t('recording.sound_only')}. {isModerator && t('recording.sound_only_next')}
            </p>
          )}
          {mustGoOn && <p className={styles.state}>{t('recording.always')}</p>}
        </div>
        {isModerator && !mustGoOn && (
          <Button
            size="sm"
            variant="light"
            color="cabai"
            onClick={() => onOpen({ name: 'stop_recording', id })}
          >
            {startedAtMs === null
              ? t('recording.cancel')
              : isStream(recording)
                ? t('recording.live_end')
                : t('recording.stop')}
          </Button>
        )}
      </div>
      {recording.streams.length > 0 && (
        <ul className={styles.streams}>
          {recording.streams.map((stream) => (
            <StreamRow
              key={stream.id}
              stream={stream}
              recording={recording}
              mayStop={isModerator && open.length > 1}
              isModerator={isModerator}
            />
          ))}
        </ul>
      )}
      {isModerator && isStream(recording) && open.length < MAX_TARGETS && (
        <Button
          size="sm"
          variant="default"
          onClick={() => onOpen({ name: 'go_live', recordingId: id })}
        >
          {t('recording.target.add')}
        </Button>
      )}
    </li>
  );
}
