import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { clockDuration, spokenDuration } from '../i18n/duration';
import { useNow } from '../i18n/useNow';
import { IconDoor, IconLock } from '../icons';
import { RecordingPills } from '../recording/RecordingPills';
import { useRoomPart } from '../session/RoomContext';
import styles from './CallInfo.module.css';

export interface CallInfoProps {
  /** Whether there is place to say here that the call is recorded. */
  hasBadge: boolean;
}

/** Where one is, for how long the call runs, and whether the room is closed to others. */
export function CallInfo({ hasBadge }: CallInfoProps): ReactNode {
  const { t } = useTranslation();
  const app = useRoomPart((state) => state.app);
  const room = useRoomPart((state) => state.room);
  const settings = useRoomPart((state) => state.settings);
  return (
    <div className={styles.info}>
      <CallClock />
      <span className={styles.names}>
        <span className={styles.room}>{room}</span>
        <span className={styles.app}>{app?.name}</span>
      </span>
      {app?.isTrial && (
        <span className={styles.trial} title={t('call.trial_title')}>
          {t('call.trial')}
        </span>
      )}
      {settings.hasPassword && (
        <span
          className={styles.sign}
          role="img"
          aria-label={t('call.locked')}
          title={t('call.locked')}
        >
          <IconLock aria-hidden="true" />
        </span>
      )}
      {settings.hasLobby && (
        <span
          className={styles.sign}
          role="img"
          aria-label={t('call.lobby_on')}
          title={t('call.lobby_on')}
        >
          <IconDoor aria-hidden="true" />
        </span>
      )}
      {hasBadge && <RecordingPills />}
    </div>
  );
}

function CallClock(): ReactNode {
  const { t, i18n } = useTranslation();
  const startedAtMs = useRoomPart((state) => state.call?.startedAtMs ?? null);
  const now = useNow();
  if (startedAtMs === null) return null;
  const duration = now - startedAtMs;
  return (
    <time
      className={styles.clock}
      aria-label={t('call.duration', { duration: spokenDuration(duration, i18n.language) })}
      role="timer"
      aria-live="off"
    >
      {clockDuration(duration)}
    </time>
  );
}
