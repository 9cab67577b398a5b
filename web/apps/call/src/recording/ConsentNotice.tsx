import { type RecordingView, RequestError } from '@jumpa/sdk';
import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import { IconPlayerRecordFilled } from '../icons';
import { useRoom, useRoomPart } from '../session/RoomContext';
import { isTyping } from '../shortcuts/shortcuts';
import styles from './ConsentNotice.module.css';
import { activeRecordings } from './recordings';
import { useRecordedBy } from './useRecordedBy';

/**
 * Asks whoever is recorded whether they agree, one recording after the other. An answer counts for this
 * stay in the call: who comes again is somebody new in the log of consents, and is asked again.
 */
export function ConsentNotice(): ReactNode {
  const recordings = useRoomPart((state) => state.recordings);
  const { ui, dispatch } = useCallUi();
  const open = activeRecordings(recordings).find(({ id }) => !ui.answeredRecordings.includes(id));
  if (!open) return null;
  return (
    <Question
      key={open.id}
      recording={open}
      onAnswered={() => dispatch({ type: 'recording_answered', id: open.id })}
    />
  );
}

interface QuestionProps {
  recording: RecordingView;
  onAnswered: () => void;
}

function Question({ recording, onAnswered }: QuestionProps): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const recordedBy = useRecordedBy();
  const [isBusy, setBusy] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const titleId = useId();
  const notice = useFocusedOnce();
  const agree = async () => {
    if (isBusy) return;
    setBusy(true);
    setFailed(false);
    try {
      await room.consentToRecording(recording.id);
      onAnswered();
    } catch (error) {
      // What has ended meanwhile needs no answer.
      if (error instanceof RequestError && error.code === 'recording_unknown') onAnswered();
      else setFailed(true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section ref={notice} className={styles.notice} aria-labelledby={titleId} tabIndex={-1}>
      <span className={styles.icon} aria-hidden="true">
        <IconPlayerRecordFilled />
      </span>
      <div className={styles.words}>
        <h2 id={titleId} className={styles.title} dir="auto">
          {recordedBy(recording)}
        </h2>
        <p className={styles.text}>
          {t(`recording.kept.${recording.kind}`)} {t('recording.consent_ask')}
        </p>
        {hasFailed && (
          <p className={styles.failed} role="alert">
            {t('recording.consent_failed')}
          </p>
        )}
      </div>
      <div className={styles.acts}>
        <button type="button" className={styles.leave} onClick={() => room.leave()}>
          {t('recording.leave')}
        </button>
        {/* Never disabled: it would lose the focus, and the keyboard its way back after a failure. */}
        <button type="button" className={styles.agree} aria-busy={isBusy} onClick={agree}>
          {t('recording.agree')}
        </button>
      </div>
    </section>
  );
}

/**
 * Takes the focus to what just appeared, unless somebody writes or answers a dialog: their next key would
 * go astray. Gives it back where it came from when the notice goes with the focus in it.
 */
function useFocusedOnce(): RefObject<HTMLElement | null> {
  const notice = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = notice.current;
    const before = document.activeElement;
    if (!element || isTyping(before)) return;
    element.focus();
    return () => {
      const isLost =
        document.activeElement === document.body || element.contains(document.activeElement);
      if (isLost && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return notice;
}
