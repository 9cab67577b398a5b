import type { ParticipantView } from '@jumpa/sdk';
import { Avatar } from '@jumpa/ui';
import { type CSSProperties, memo, type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconHandStop, IconMicrophoneOff, IconPin, IconPlayerPause } from '../icons';
import { useLocalMedia } from '../session/RoomContext';
import type { Corner, PlacedTile } from '../stage/arrange';
import { videoFit } from '../stage/videoFit';
import { LevelBars } from './LevelBars';
import { QualityBadge } from './QualityBadge';
import styles from './Tile.module.css';
import { TileMenu } from './TileMenu';
import { useAttachedVideo } from './useAttachedVideo';

/** Who is served first when the bandwidth is short. */
const PRIORITY = { main: 200, grid: 100, strip: 60, self: 0 } as const;

export interface TileProps {
  person: ParticipantView;
  tile: PlacedTile;
  isSpeaking: boolean;
  isPinned: boolean;
  /** The server does not send the picture because the connection is too slow. */
  isPaused: boolean;
  /** The corner of this tile that the own picture covers, and how far, CSS pixels. */
  covered?: { readonly corner: Corner; readonly width: number } | undefined;
  /** Extra behaviour of the element, for the movable own picture. */
  frameProps?: React.ComponentPropsWithRef<'li'>;
  onTogglePin: () => void;
}

/** One person on the stage: picture or initials, name, and what there is to know. */
export const Tile = memo(function Tile({
  person,
  tile,
  isSpeaking,
  isPinned,
  isPaused,
  covered,
  frameProps,
  onTogglePin,
}: TileProps): ReactNode {
  const { t } = useTranslation();
  const videoRef = useRef<HTMLVideoElement>(null);
  const isOn = person.camera === 'live';
  const { isShown, aspect } = useAttachedVideo(
    videoRef,
    person.id,
    'camera',
    isOn,
    PRIORITY[tile.role],
  );
  const isMirrored = useLocalMedia().camera.isMirrored && person.isLocal;
  const name = person.isLocal ? t('common.name_you', { name: person.name }) : person.name;

  return (
    <li
      className={styles.tile}
      style={{
        ...placeStyle(tile),
        ...(covered && { ['--covered' as string]: `${covered.width}px` }),
      }}
      data-covered={covered?.corner}
      data-role={tile.role}
      data-speaking={isSpeaking}
      data-has-picture={isOn && isShown}
      aria-label={name}
      {...frameProps}
      onDoubleClick={onTogglePin}
    >
      <div className={styles.ground}>
        <Avatar name={person.name} src={person.avatar} size="var(--tile-avatar)" />
      </div>
      {isOn && (
        <video
          ref={videoRef}
          className={styles.video}
          style={{
            objectFit:
              tile.role === 'self' ? 'cover' : videoFit(aspect, tile.rect.width / tile.rect.height),
          }}
          data-shown={isShown}
          data-mirrored={isMirrored}
          autoPlay
          playsInline
          muted
        />
      )}
      <TileState person={person} isPaused={isPaused} />
      <div className={styles.ring} aria-hidden="true" />
      <div className={styles.corner}>
        {person.handRaisedAtMs !== null && (
          <span className={styles.hand} role="img" aria-label={t('tile.hand')}>
            <IconHandStop aria-hidden="true" />
          </span>
        )}
        {isPinned && (
          <span className={styles.sign} role="img" aria-label={t('tile.pinned')}>
            <IconPin aria-hidden="true" />
          </span>
        )}
      </div>
      <div className={styles.foot}>
        <span className={styles.name}>
          {person.microphone !== 'live' ? (
            <span className={styles.muted} role="img" aria-label={t('tile.muted')}>
              <IconMicrophoneOff aria-hidden="true" />
            </span>
          ) : (
            isSpeaking && <LevelBars participantId={person.id} />
          )}
          <span className={styles.nameText} dir="auto">
            {person.isLocal && tile.role !== 'main' ? t('common.you') : name}
          </span>
        </span>
        <QualityBadge person={person} />
      </div>
      <TileMenu person={person} isPinned={isPinned} onTogglePin={onTogglePin} />
    </li>
  );
});

function TileState({
  person,
  isPaused,
}: {
  person: ParticipantView;
  isPaused: boolean;
}): ReactNode {
  const { t } = useTranslation();
  if (person.connection !== 'connected' && !person.isLocal) {
    return (
      <p className={styles.state}>
        <span className={styles.spinner} aria-hidden="true" />
        {person.connection === 'connecting' ? t('tile.connecting') : t('tile.reconnecting')}
      </p>
    );
  }
  if (!isPaused || person.camera !== 'live') return null;
  return (
    <p className={styles.state}>
      <IconPlayerPause aria-hidden="true" />
      {t('tile.paused')}
    </p>
  );
}

/** Position by transform, so that tiles glide; size at once, so that nothing is laid out twice. */
export function placeStyle({ rect }: PlacedTile): CSSProperties {
  return {
    inlineSize: rect.width,
    blockSize: rect.height,
    transform: `translate(${rect.x}px, ${rect.y}px)`,
  };
}
