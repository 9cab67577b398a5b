import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from '../call/Banners.module.css';
import { clockDuration } from '../i18n/duration';
import { useNow } from '../i18n/useNow';
import { IconAlertTriangle } from '../icons';
import { useRoomPart } from '../session/RoomContext';
import { useAnnounce } from '../toasts/Announcer';
import { activeRecordings } from './recordings';

/** As long as a call may be without the recording that it must have, milliseconds. */
const GRACE_MS = 60_000;

/** A recording that begins within this is not worth an alarm, milliseconds. */
const USUAL_START_MS = 8_000;

/** Counts down until the call ends, since it must be recorded and is not. */
export function DeadlineBanner(): ReactNode {
  const deadlineMs = useRoomPart((state) => state.recordingDeadlineMs);
  const isRecorded = useRoomPart((state) => activeRecordings(state.recordings).length > 0);
  const wasRecorded = useRef(false);
  useEffect(() => {
    wasRecorded.current ||= isRecorded;
  }, [isRecorded]);
  if (deadlineMs === null) return null;
  return <Countdown deadlineMs={deadlineMs} wasRecorded={wasRecorded.current} />;
}

function Countdown({
  deadlineMs,
  wasRecorded,
}: {
  deadlineMs: number;
  wasRecorded: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const now = useNow();
  // The server's clock may differ from this one; more than the whole time it never is.
  const leftMs = Math.min(Math.max(deadlineMs - now, 0), GRACE_MS);
  const isShown = wasRecorded || leftMs <= GRACE_MS - USUAL_START_MS;
  const reason = wasRecorded ? t('recording.lost') : t('recording.not_begun');
  useEffect(() => {
    if (isShown) announce(`${reason} ${t('recording.ends_soon')}`);
  }, [isShown, reason, announce, t]);
  if (!isShown) return null;
  return (
    <div className={styles.banner} data-tone="attention">
      <span className={styles.icon} aria-hidden="true">
        <IconAlertTriangle />
      </span>
      <p className={styles.text}>
        {reason}{' '}
        <span className={styles.help}>
          {t('recording.ends_in', { duration: clockDuration(leftMs) })}
        </span>
      </p>
    </div>
  );
}
