import { setTimeout as pause } from 'node:timers/promises';

/** Time between two looks at a condition. Shorter costs the machine under test more than it tells. */
const LOOK_EVERY_MS = 100;

/** How long a condition may take when nothing else is said: generous, since the machine is shared by browsers. */
export const DEADLINE_MS = 60_000;

/** What a look found: `true` ends the waiting, a text says what is there instead. */
export type Look = true | string;

/**
 * Waits until `look` says `true`, and fails with what it saw last when `deadlineMs` have passed.
 * Returns how long it took, in milliseconds.
 */
export async function eventually(
  what: string,
  look: () => Promise<Look> | Look,
  deadlineMs = DEADLINE_MS,
): Promise<number> {
  const start = performance.now();
  let last: Look = 'never looked';
  while (true) {
    try {
      last = await look();
    } catch (error) {
      last = `error: ${error instanceof Error ? error.message : String(error)}`;
    }
    const tookMs = performance.now() - start;
    if (last === true) return tookMs;
    if (tookMs > deadlineMs) {
      throw new Error(`not within ${deadlineMs} ms: ${what}\nseen last: ${last}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}
