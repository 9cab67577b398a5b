import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { clockDuration, spokenDuration } from '../i18n/duration';
import { useNow } from '../i18n/useNow';
import { useRoomPart } from '../session/RoomContext';
import styles from './RecordingBadge.module.css';
import { activeRecordings } from './recordings';

/** Says for as long as the call is recorded that it is, and since when. */
export function RecordingBadge(): ReactNode {
  const { t, i18n } = useTranslation();
  const active = activeRecordings(useRoomPart((state) => state.recordings));
  const now = useNow();
  if (active.length === 0) return null;
  const count = active.length;
  const durationMs = now - Math.min(...active.map(({ startedAtMs }) => startedAtMs ?? now));
  const words = t('recording.badge', {
    count,
    duration: spokenDuration(durationMs, i18n.language),
  });
  return (
    <time className={styles.badge} role="timer" aria-live="off" aria-label={words} title={words}>
      <span className={styles.dot} />
      {t('recording.rec')}
      {count > 1 && <span>{t('recording.rec_times', { count })}</span>}
      <span className={styles.clock}>{clockDuration(durationMs)}</span>
    </time>
  );
}
