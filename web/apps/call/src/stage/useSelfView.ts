import {
  type ComponentPropsWithRef,
  type KeyboardEvent,
  type PointerEvent,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import { useAnnounce } from '../toasts/Announcer';
import { type Corner, nearestCorner, selfRect } from './arrange';
import type { Size } from './geometry';

/** A movement shorter than this is a click, CSS pixels. */
const DRAG_THRESHOLD = 4;

/** Lets the own picture be dragged to a corner by the pointer, or sent there by arrow keys. */
export function useSelfView(stage: Size): ComponentPropsWithRef<'li'> {
  const { t } = useTranslation();
  const { ui, dispatch } = useCallUi();
  const announce = useAnnounce();
  const start = useRef<{ x: number; y: number } | null>(null);
  const [offset, setOffset] = useState<{ x: number; y: number } | null>(null);
  const rect = selfRect({ ...stage, selfCorner: ui.selfCorner });

  const handleMove = (event: PointerEvent) => {
    if (!start.current) return;
    const x = event.clientX - start.current.x;
    const y = event.clientY - start.current.y;
    if (offset || Math.hypot(x, y) > DRAG_THRESHOLD) setOffset({ x, y });
  };
  const handleUp = () => {
    if (offset) {
      const center = {
        x: rect.x + rect.width / 2 + offset.x,
        y: rect.y + rect.height / 2 + offset.y,
      };
      dispatch({ type: 'corner_chosen', corner: nearestCorner(center, stage) });
    }
    start.current = null;
    setOffset(null);
  };
  const handleKey = (event: KeyboardEvent) => {
    const corner = cornerAfterKey(ui.selfCorner, event.key);
    if (!corner || event.target !== event.currentTarget) return;
    event.preventDefault();
    dispatch({ type: 'corner_chosen', corner });
    announce(t('announce.moved_corner', { corner: t(`announce.corner_${corner}`) }));
  };

  return {
    tabIndex: 0,
    'aria-description': t('tile.self_view'),
    ...(offset && {
      'data-dragging': true,
      style: {
        inlineSize: rect.width,
        blockSize: rect.height,
        transform: `translate(${rect.x + offset.x}px, ${rect.y + offset.y}px)`,
      },
    }),
    onPointerDown: (event) => {
      if ((event.target as Element).closest('button') || event.button !== 0) return;
      start.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: handleMove,
    onPointerUp: handleUp,
    onPointerCancel: handleUp,
    onKeyDown: handleKey,
  } as ComponentPropsWithRef<'li'>;
}

/** Where an arrow key sends a picture that rests in `corner`; `null`: the key moves nothing. */
export function cornerAfterKey(corner: Corner, key: string): Corner | null {
  const [vertical, horizontal] = corner.split('_') as ['top' | 'bottom', 'left' | 'right'];
  switch (key) {
    case 'ArrowLeft':
      return `${vertical}_left`;
    case 'ArrowRight':
      return `${vertical}_right`;
    case 'ArrowUp':
      return `top_${horizontal}`;
    case 'ArrowDown':
      return `bottom_${horizontal}`;
    default:
      return null;
  }
}
