/** How long the page may stay busy before it is done anyway, milliseconds. */
const PATIENCE_MS = 500;

/** Calls `work` when the page has nothing better to do, unless the returned function is called. */
export function whenIdle(work: () => void): () => void {
  // Safari has no idle callbacks.
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(work, PATIENCE_MS);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: PATIENCE_MS });
  return () => cancelIdleCallback(handle);
}
