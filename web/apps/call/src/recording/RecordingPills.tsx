import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import { clockDuration, spokenDuration } from '../i18n/duration';
import { useNow } from '../i18n/useNow';
import { useRoomPart } from '../session/RoomContext';
import styles from './RecordingPills.module.css';
import { activeRecordings, isStream, openStreams } from './recordings';

/** Says for as long as the call is recorded or shown outside that it is; opens what is known of it. */
export function RecordingPills(): ReactNode {
  const { t, i18n } = useTranslation();
  const { dispatch } = useCallUi();
  const active = activeRecordings(useRoomPart((state) => state.recordings));
  const now = useNow();
  if (active.length === 0) return null;
  const duration = now - Math.min(...active.map(({ startedAtMs }) => startedAtMs ?? now));
  const kept = active.filter((recording) => !isStream(recording)).length;
  const isLive = active.some(isStream);
  const isShown = openStreams(active).some(({ state }) => state === 'live');
  const words = [
    kept > 0 &&
      t('recording.badge', { count: kept, duration: spokenDuration(duration, i18n.language) }),
    isLive && (isShown ? t('recording.live_badge') : t('recording.live_badge_off')),
  ]
    .filter(Boolean)
    .join('. ');
  return (
    <button
      type="button"
      className={styles.pills}
      aria-haspopup="dialog"
      onClick={() => dispatch({ type: 'dialog_opened', dialog: { name: 'recordings' } })}
    >
      {kept > 0 && (
        <span className={styles.pill}>
          <span className={styles.dot} />
          {t('recording.rec')}
          {kept > 1 && <span>{t('recording.rec_times', { count: kept })}</span>}
          <span className={styles.clock}>{clockDuration(duration)}</span>
        </span>
      )}
      {isLive && (
        <span className={styles.pill} data-live={isShown}>
          <span className={styles.dot} />
          {t('recording.live')}
          {kept === 0 && <span className={styles.clock}>{clockDuration(duration)}</span>}
        </span>
      )}
      <span className={styles.words}> {words}</span>
    </button>
  );
}
