import { useEffect, useState } from 'react';

/** A count that is above zero only once it has been so for `delayMs`; it falls to zero at once. */
export function useLasting(count: number, delayMs: number): number {
  const [isLasting, setLasting] = useState(false);
  const isThere = count > 0;
  useEffect(() => {
    if (!isThere) return;
    const timer = setTimeout(() => setLasting(true), delayMs);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [isThere, delayMs]);
  return isThere && isLasting ? count : 0;
}
