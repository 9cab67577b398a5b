import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';

export interface TableScrollerProps {
  /** What the table is about. */
  label: string;
  className: string | undefined;
  children: ReactNode;
}

/**
 * Holds a table that may be larger than its place.
 *
 * The keyboard stops here only while there is something to scroll: a stop that does nothing is in the way.
 */
export function TableScroller({ label, className, children }: TableScrollerProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const [isScrolling, setScrolling] = useState(false);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = () => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
      setScrolling(scrollWidth > clientWidth || scrollHeight > clientHeight);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // The table grows with its rows while its place stays as wide as the page.
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={place}
      className={className}
      {...(isScrolling && { role: 'group', 'aria-label': label, tabIndex: 0 })}
    >
      {children}
    </div>
  );
}
