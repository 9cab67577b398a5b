import { type RefObject, useCallback, useSyncExternalStore } from 'react';

/** Full screen of an element, or of the whole page without one. */
export function useFullscreen(ref?: RefObject<Element | null>): {
  readonly isPossible: boolean;
  readonly isFull: boolean;
  readonly toggle: () => void;
} {
  const current = useSyncExternalStore(
    (listener) => {
      document.addEventListener('fullscreenchange', listener);
      return () => document.removeEventListener('fullscreenchange', listener);
    },
    () => document.fullscreenElement ?? null,
  );
  const toggle = useCallback(() => {
    const element = ref?.current ?? document.documentElement;
    const change =
      document.fullscreenElement === element
        ? document.exitFullscreen()
        : element.requestFullscreen();
    // A browser may refuse, for example inside a frame that does not allow it; the page stays as it is.
    change.catch(() => undefined);
  }, [ref]);
  const isFull = ref ? current !== null && current === ref.current : current !== null;
  return { isPossible: document.fullscreenEnabled === true, isFull, toggle };
}
