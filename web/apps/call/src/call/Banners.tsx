import { type ReactNode, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { clockDuration } from '../i18n/duration';
import { useNow } from '../i18n/useNow';
import {
  IconPlayerPause,
  IconPlayerRecord,
  IconScreenShare,
  IconVolume,
  IconVolumeOff,
  IconWifiOff,
} from '../icons';
import { DeadlineBanner } from '../recording/DeadlineBanner';
import { isPending } from '../recording/recordings';
import { useQueueWords } from '../recording/useQueueWords';
import { savePreferences } from '../session/preferences';
import { useLocalMedia, useRoom, useRoomState } from '../session/RoomContext';
import { AloneHint } from '../stage/AloneHint';
import styles from './Banners.module.css';
import { useLasting } from './useLasting';

/** A picture that is paused for less is not worth a notice, milliseconds. */
const SAY_PAUSED_MS = 3_000;

export interface BannersProps {
  isPushToTalk: boolean;
}

/** What is the matter with the call as a whole, above the stage: what, since when, what to do. */
export function Banners({ isPushToTalk }: BannersProps): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const state = useRoomState();
  const isSharing = useLocalMedia().screen.isOn;
  const pausedCount = useLasting(state.pausedVideos.length, SAY_PAUSED_MS);
  const pending = state.recordings.find(isPending);
  const queueWords = useQueueWords();
  const setQuality = (quality: 'auto' | 'audio_only') => {
    savePreferences({ quality });
    room.setVideoQuality(quality);
  };
  return (
    <div className={styles.banners}>
      {state.phase === 'reconnecting' && <ReconnectBanner since={state.phaseSince} />}
      <DeadlineBanner />
      {state.isAudioBlocked && (
        <Banner
          icon={<IconVolumeOff />}
          text={t('banner.sound_blocked')}
          action={t('banner.sound_blocked_action')}
          isStrong
          onAct={() => {
            // Refused once more, the banner stays.
            room.resumeAudio().catch(() => undefined);
          }}
        />
      )}
      {pending && (
        <div className={styles.banner} data-tone="normal">
          <span className={styles.spinner} aria-hidden="true">
            <IconPlayerRecord />
          </span>
          <p className={styles.text}>{queueWords(pending)}</p>
        </div>
      )}
      {isPushToTalk && <Banner icon={<IconVolume />} text={t('banner.push_to_talk')} />}
      {isSharing && (
        <Banner
          icon={<IconScreenShare />}
          text={t('tile.screen_own')}
          action={t('tile.stop_sharing')}
          onAct={() => {
            // Sharing that does not stop shows on its button.
            room.local.setScreen(false).catch(() => undefined);
          }}
        />
      )}
      {state.videoQuality === 'audio_only' ? (
        <Banner
          icon={<IconVolume />}
          text={t('banner.audio_only')}
          action={t('banner.audio_only_action')}
          onAct={() => setQuality('auto')}
        />
      ) : (
        pausedCount > 0 &&
        state.phase === 'connected' && (
          <Banner
            icon={<IconPlayerPause />}
            text={t('banner.paused', { count: pausedCount })}
            action={t('banner.paused_action')}
            onAct={() => setQuality('audio_only')}
          />
        )
      )}
      {state.participants.length === 1 && state.phase === 'connected' && <AloneHint />}
    </div>
  );
}

function ReconnectBanner({ since }: { since: number }): ReactNode {
  const { t } = useTranslation();
  const now = useNow();
  const isOnline = useIsOnline();
  return (
    <div className={styles.banner} data-tone="attention">
      <span className={styles.spinner} aria-hidden="true">
        <IconWifiOff />
      </span>
      <p className={styles.text}>
        {isOnline
          ? t('banner.reconnecting', { duration: clockDuration(now - since) })
          : t('banner.offline')}{' '}
        {isOnline && <span className={styles.help}>{t('banner.reconnecting_help')}</span>}
      </p>
    </div>
  );
}

function Banner({
  icon,
  text,
  action,
  isStrong = false,
  onAct,
}: {
  icon: ReactNode;
  text: string;
  action?: string;
  isStrong?: boolean;
  onAct?: () => void;
}): ReactNode {
  return (
    <div className={styles.banner} data-tone={isStrong ? 'attention' : 'normal'} role="status">
      <span aria-hidden="true" className={styles.icon}>
        {icon}
      </span>
      <p className={styles.text}>{text}</p>
      {action && (
        <button type="button" className={styles.action} onClick={onAct}>
          {action}
        </button>
      )}
    </div>
  );
}

function useIsOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener('online', listener);
      window.addEventListener('offline', listener);
      return () => {
        window.removeEventListener('online', listener);
        window.removeEventListener('offline', listener);
      };
    },
    () => navigator.onLine,
  );
}
