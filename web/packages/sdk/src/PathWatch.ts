/** How long nothing may come before a sign of life is asked for, milliseconds. */
const PROBE_AFTER_MS = 700;

/** How long nothing may come until the path counts as dead, milliseconds. */
const DEAD_AFTER_MS = 1_500;

/** What a sample says. `probe`: send something that the server answers. */
export type PathVerdict = 'heard' | 'quiet' | 'probe' | 'dead';

/**
 * Finds out that nothing arrives from the server any more, within 1.5 to 2 s.
 *
 * A quiet call has long pauses of its own, so silence alone proves nothing. A small message on the
 * data channel is acknowledged by the server's SCTP: two of these without anything in return do.
 */
export class PathWatch {
  #counts: ReadonlyMap<string, number> = new Map();
  #heardAtMs: number | null = null;
  #probes = 0;

  /**
   * Takes what was received so far over each candidate pair, at `nowMs` of a steady clock, about
   * every half second. Pairs may come and go; only a count that grew is a sign of life.
   */
  handleSample(counts: ReadonlyMap<string, number>, nowMs: number): PathVerdict {
    const hasGrown = [...counts].some(([pair, count]) => count > (this.#counts.get(pair) ?? 0));
    this.#counts = counts;
    if (hasGrown || this.#heardAtMs === null) {
      this.#heardAtMs = nowMs;
      this.#probes = 0;
      return hasGrown ? 'heard' : 'quiet';
    }
    const silentMs = nowMs - this.#heardAtMs;
    if (silentMs >= DEAD_AFTER_MS && this.#probes >= 2) return 'dead';
    if (silentMs < PROBE_AFTER_MS) return 'quiet';
    this.#probes += 1;
    return 'probe';
  }
}
