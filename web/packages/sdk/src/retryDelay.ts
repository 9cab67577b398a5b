/** Delays before the first attempts, milliseconds. */
const FIRST_DELAYS_MS = [0, 300] as const;

/**
 * The longest pause between two attempts during the first minute, milliseconds. A server that comes
 * back is found within this time.
 */
const EARLY_DELAY_MS = 1_000;

/** How long attempts stay frequent, milliseconds. */
const EARLY_PHASE_MS = 60_000;

/** The longest pause after the first minute, milliseconds; a page may stay open for hours. */
const LATE_DELAY_MS = 5_000;

/**
 * How long to wait before an attempt to reach the server, milliseconds.
 *
 * `attempt` counts from 0 since the connection was lost, `downForMs` is the time since then, and
 * `random` (0 to 1) spreads the clients of one server, which all lost it at the same moment, over
 * the last third of each pause.
 */
export function retryDelay(attempt: number, downForMs: number, random: number): number {
  const first = FIRST_DELAYS_MS[attempt];
  const longest = downForMs < EARLY_PHASE_MS ? EARLY_DELAY_MS : LATE_DELAY_MS;
  return (first ?? longest) * (1 - random / 3);
}
