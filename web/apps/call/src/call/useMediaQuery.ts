import { useSyncExternalStore } from 'react';

/** Whether a media query holds now. */
export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Phones and narrow windows: fewer buttons, panels as sheets. */
export function useIsCompact(): boolean {
  return useMediaQuery('(max-width: 719px), (max-height: 479px)');
}
