/** Sound below this is shown as silence, dBov. */
const SILENCE_DBOV = -65;

/** Sound from this on is shown as full, dBov; voices close to a microphone reach it. */
const FULL_DBOV = -10;

/** How long a level holds until it fades, milliseconds: levels come five times a second. */
const HOLD_MS = 300;

/** How long fading takes, milliseconds. */
const FADE_MS = 300;

/** A level for the eye, 0 to 1, of a loudness in dBov (0 is the loudest, negative below). */
export function levelOfDbov(dbov: number): number {
  return Math.min(1, Math.max(0, (dbov - SILENCE_DBOV) / (FULL_DBOV - SILENCE_DBOV)));
}

/** How loud the others are, from what comes over the data channel. */
export class Levels {
  readonly #levels = new Map<number, { level: number; atMs: number }>();

  /** Takes pairs of participant number and −dBov (RFC 6464 section 3). */
  handleLevels(pairs: readonly (readonly [number, number])[], nowMs: number): void {
    for (const [number, minusDbov] of pairs) {
      this.#levels.set(number, { level: levelOfDbov(-minusDbov), atMs: nowMs });
    }
  }

  /** How loud a participant is at `nowMs`, 0 to 1. */
  levelOf(participantNumber: number, nowMs: number): number {
    const entry = this.#levels.get(participantNumber);
    if (!entry) return 0;
    const fade = (nowMs - entry.atMs - HOLD_MS) / FADE_MS;
    return entry.level * Math.min(1, Math.max(0, 1 - fade));
  }

  /** Forgets everybody: numbers of another call mean other people. */
  clear(): void {
    this.#levels.clear();
  }
}
