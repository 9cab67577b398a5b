import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Player.module.css';
import type { Playback } from './playback';
import type { Track } from './tracks';

export interface TrackMediaProps {
  track: Track;
  playback: Playback;
  src: string;
  /** Whether there is something of it at the moment. */
  isDue: boolean;
  /** 0 to 1. */
  volume: number;
  onFailed: () => void;
}

/** One track, held to the clock of the playback; a picture is shown while there is one. */
export function TrackMedia({
  track,
  playback,
  src,
  isDue,
  volume,
  onFailed,
}: TrackMediaProps): ReactNode {
  const { t } = useTranslation('recordings');
  const ref = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  useEffect(() => {
    if (ref.current) return playback.add(track, ref.current);
    return undefined;
  }, [playback, track]);
  useEffect(() => {
    if (ref.current) ref.current.volume = volume;
  }, [volume]);
  const attributes = { ref, src, preload: 'auto', onError: onFailed } as const;
  if (!track.isVideo) {
    return <audio {...attributes} />;
  }
  const kind = track.source ? t(`source.${track.source}`) : t('role.composite');
  const label = [track.name, kind].filter(Boolean).join(', ');
  return (
    <figure className={styles.tile} hidden={!isDue} data-stage={track.source === 'screen'}>
      <video {...attributes} playsInline aria-label={label} />
      {track.name && <figcaption className={styles.name}>{track.name}</figcaption>}
    </figure>
  );
}
