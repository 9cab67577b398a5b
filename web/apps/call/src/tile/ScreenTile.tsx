import type { ParticipantView } from '@jumpa/sdk';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  IconMaximize,
  IconMinimize,
  IconPin,
  IconPinnedOff,
  IconScreenShare,
  IconZoomIn,
  IconZoomOut,
} from '../icons';
import type { PlacedTile } from '../stage/arrange';
import styles from './ScreenTile.module.css';
import { placeStyle } from './Tile';
import { useAttachedVideo } from './useAttachedVideo';
import { useFullscreen } from './useFullscreen';
import { MAX_ZOOM, panned, ZOOM_FIT, type Zoom, zoomed } from './zoom';

/** Screens come before faces when the bandwidth is short. */
const PRIORITY = 220;

/** How far one press of an arrow key moves a zoomed screen, CSS pixels. */
const PAN_STEP = 60;

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [PAN_STEP, 0],
  ArrowRight: [-PAN_STEP, 0],
  ArrowUp: [0, PAN_STEP],
  ArrowDown: [0, -PAN_STEP],
};

export interface ScreenTileProps {
  person: ParticipantView;
  tile: PlacedTile;
  isPinned: boolean;
  isPaused: boolean;
  /** Whether there is another screen beside it, so that pinning makes sense. */
  canPin: boolean;
  onTogglePin: () => void;
}

/** A shared screen: shown whole, can be zoomed, moved and made full. */
export function ScreenTile({
  person,
  tile,
  isPinned,
  isPaused,
  canPin,
  onTogglePin,
}: ScreenTileProps): ReactNode {
  const { t } = useTranslation();
  const tileRef = useRef<HTMLLIElement>(null);
  const videoRef = useRef<HTMLVideoElement>(null);
  const { isShown } = useAttachedVideo(videoRef, person.id, 'screen', true, PRIORITY);
  const fullscreen = useFullscreen(tileRef);
  const [zoom, setZoom] = useState<Zoom>(ZOOM_FIT);
  const title = t('tile.screen_of', { name: person.name });
  const pan = (dx: number, dy: number) =>
    setZoom((current) => panned(current, dx, dy, tile.rect.width, tile.rect.height));

  return (
    <li
      ref={tileRef}
      className={styles.tile}
      style={placeStyle(tile)}
      aria-label={title}
      data-zoomed={zoom.scale > 1}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: it groups no fields */}
      <div
        className={styles.picture}
        tabIndex={zoom.scale > 1 ? 0 : -1}
        role="group"
        aria-label={title}
        onPointerMove={(event) => event.buttons === 1 && pan(event.movementX, event.movementY)}
        onKeyDown={(event) => {
          const step = ARROWS[event.key];
          if (step && zoom.scale > 1) {
            event.preventDefault();
            pan(...step);
          }
        }}
      >
        <video
          ref={videoRef}
          className={styles.video}
          style={{ transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` }}
          data-shown={isShown}
          autoPlay
          playsInline
          muted
        />
      </div>
      {(!isShown || isPaused) && (
        <p className={styles.state}>{isPaused ? t('tile.paused') : t('tile.connecting')}</p>
      )}
      <p className={styles.title}>
        <IconScreenShare aria-hidden="true" />
        <span className={styles.titleText}>{title}</span>
      </p>
      <div className={styles.tools}>
        {zoom.scale > 1 && (
          <button type="button" className={styles.tool} onClick={() => setZoom(ZOOM_FIT)}>
            {t('tile.zoom_reset')}
          </button>
        )}
        <button
          type="button"
          className={styles.tool}
          aria-label={t('tile.zoom_out')}
          disabled={zoom.scale <= 1}
          onClick={() => setZoom((z) => zoomed(z, -1, tile.rect.width, tile.rect.height))}
        >
          <IconZoomOut aria-hidden="true" />
        </button>
        <button
          type="button"
          className={styles.tool}
          aria-label={t('tile.zoom_in')}
          disabled={zoom.scale >= MAX_ZOOM}
          onClick={() => setZoom((z) => zoomed(z, 1, tile.rect.width, tile.rect.height))}
        >
          <IconZoomIn aria-hidden="true" />
        </button>
        {(canPin || isPinned) && (
          <button
            type="button"
            className={styles.tool}
            aria-label={isPinned ? t('tile.unpin') : t('tile.pin_screen')}
            onClick={onTogglePin}
          >
            {isPinned ? <IconPinnedOff aria-hidden="true" /> : <IconPin aria-hidden="true" />}
          </button>
        )}
        {fullscreen.isPossible && (
          <button
            type="button"
            className={styles.tool}
            aria-label={fullscreen.isFull ? t('tile.exit_fullscreen') : t('tile.fullscreen')}
            onClick={fullscreen.toggle}
          >
            {fullscreen.isFull ? (
              <IconMinimize aria-hidden="true" />
            ) : (
              <IconMaximize aria-hidden="true" />
            )}
          </button>
        )}
      </div>
    </li>
  );
}
