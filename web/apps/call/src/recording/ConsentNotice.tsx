import { type RecordingView, RequestError } from '@jumpa/sdk';
import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import { IconPlayerRecordFilled } from '../icons';
import { useRoom, useRoomPart } from '../session/RoomContext';
import { isTyping } from '../shortcuts/shortcuts';
import { useAnnounce } from '../toasts/Announcer';
import styles from './ConsentNotice.module.css';
import { activeRecordings } from './recordings';
import { useRecordedBy } from './useRecordedBy';

/**
 * Asks whoever is recorded whether they agree, one recording after the other; who began it knows of it.
 * An answer counts for this stay in the call: who comes again is somebody new in the log of consents,
 * and is asked again.
 */
export function ConsentNotice(): ReactNode {
  const recordings = useRoomPart((state) => state.recordings);
  const localId = useRoomPart((state) => state.localId);
  const { ui, dispatch } = useCallUi();
  const open = activeRecordings(recordings).find(
    ({ id, startedById }) =>
      !ui.answeredRecordings.includes(id) && (startedById === undefined || startedById !== localId),
  );
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
  const announce = useAnnounce();
  const recordedBy = useRecordedBy();
  const [step, setStep] = useState<'asked' | 'sending' | 'refused'>('asked');
  const [hasFailed, setFailed] = useState(false);
  const titleId = useId();
  const notice = useFocusedOnce();
  const answer = async (agrees: boolean) => {
    if (step === 'sending') return;
    setStep('sending');
    setFailed(false);
    try {
      await room.consentToRecording(recording.id, agrees);
    } catch (error) {
      // What has ended meanwhile needs no answer.
      if (!(error instanceof RequestError) || error.code !== 'recording_unknown') {
        setStep('asked');
        return setFailed(true);
      }
      return onAnswered();
    }
    if (agrees) return onAnswered();
    setStep('refused');
    announce(`${t('recording.refused_title')}. ${t('recording.refused_text')}`);
  };
  // Nobody takes part unrecorded here: who does not agree is asked before they leave for it.
  const leaveUnrecorded = () => {
    room
      .consentToRecording(recording.id, false)
      .catch(() => undefined)
      .finally(() => room.leave());
  };
  const refuse = () => {
    if (!recording.isRequired) return answer(false);
    setStep('refused');
    announce(`${t('recording.must_title')}. ${t('recording.must_text')}`);
  };
  const isRefused = step === 'refused';
  const refused = recording.isRequired ? 'must' : 'refused';
  return (
    <section ref={notice} className={styles.notice} aria-labelledby={titleId} tabIndex={-1}>
      <span className={styles.icon} aria-hidden="true">
        <IconPlayerRecordFilled />
      </span>
      <div className={styles.words}>
        <h2 id={titleId} className={styles.title} dir="auto">
          {isRefused ? t(`recording.${refused}_title`) : recordedBy(recording)}
        </h2>
        <p className={styles.text}>
          {isRefused ? (
            t(`recording.${refused}_text`)
          ) : (
            <>
              {t(`recording.kept.${recording.kind}`)} {t('recording.consent_ask')}
            </>
          )}
        </p>
        {hasFailed && (
          <p className={styles.failed} role="alert">
            {t('recording.consent_failed')}
          </p>
        )}
      </div>
      {/* Never disabled: they would lose the focus, and the keyboard its way back after a failure. */}
      <div className={styles.acts}>
        <button
          type="button"
          className={styles.leave}
          onClick={
            isRefused ? (recording.isRequired ? leaveUnrecorded : () => room.leave()) : refuse
          }
        >
          {isRefused ? t('recording.leave') : t('recording.refuse')}
        </button>
        <button
          type="button"
          className={styles.agree}
          aria-busy={step === 'sending'}
          onClick={() => (isRefused && !recording.isRequired ? onAnswered() : answer(true))}
        >
          {isRefused && !recording.isRequired ? t('recording.stay') : t('recording.agree')}
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
