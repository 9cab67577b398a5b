import { type RefCallback, useCallback, useState } from 'react';
import type { Size } from '../stage/geometry';

/** The inner size of an element, followed as it changes; 0 × 0 before the first measure. */
export function useElementSize<Kind extends Element>(): [RefCallback<Kind>, Size] {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const ref = useCallback((element: Kind | null) => {
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      const box = entry?.contentRect;
      if (!box) return;
      const next = { width: Math.floor(box.width), height: Math.floor(box.height) };
      setSize((last) => (last.width === next.width && last.height === next.height ? last : next));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
