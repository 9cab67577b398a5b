import type { Track } from './tracks';

/** How far a track may be from the clock before it is set right, seconds: lips still fit. */
const DRIFT_S = 0.15;
/** `HTMLMediaElement.HAVE_FUTURE_DATA`: it can go on from where it is. */
const HAVE_FUTURE_DATA = 3;

/** What is used of a `<video>` or `<audio>`. */
export type Media = Pick<
  HTMLMediaElement,
  'currentTime' | 'ended' | 'pause' | 'paused' | 'play' | 'playbackRate' | 'readyState' | 'seeking'
>;

/** Where a playback is, for the page to draw; another object whenever it changed. */
export interface PlaybackState {
  readonly positionMs: number;
  readonly isPlaying: boolean;
  /** The clock stands until every track that is due has something to play. */
  readonly isWaiting: boolean;
  readonly speed: number;
}

export interface PlaybackOptions {
  readonly lengthMs: number;
  /** The clock that it goes by, milliseconds. */
  readonly now: () => number;
}

/** Plays the tracks of a recording together: one clock, and each track held to it. */
export class Playback {
  readonly #lengthMs: number;
  readonly #now: () => number;
  readonly #media = new Map<string, { readonly track: Track; readonly media: Media }>();
  readonly #listeners = new Set<() => void>();
  #state: PlaybackState = { positionMs: 0, isPlaying: false, isWaiting: false, speed: 1 };
  /** When the clock was last moved on. */
  #tickedAt: number;

  constructor({ lengthMs, now }: PlaybackOptions) {
    this.#lengthMs = lengthMs;
    this.#now = now;
    this.#tickedAt = now();
  }

  get state(): PlaybackState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Holds a track to the clock until what it gives is called. */
  add(track: Track, media: Media): () => void {
    this.#media.set(track.id, { track, media });
    this.#hold();
    return () => {
      this.#media.delete(track.id);
    };
  }

  play(): void {
    this.#tickedAt = this.#now();
    const positionMs = this.#state.positionMs >= this.#lengthMs ? 0 : this.#state.positionMs;
    this.#change({ isPlaying: true, positionMs });
    this.#hold();
  }

  pause(): void {
    this.#change({ isPlaying: false, isWaiting: false });
    this.#hold();
  }

  seek(ms: number): void {
    this.#tickedAt = this.#now();
    this.#change({ positionMs: Math.min(Math.max(ms, 0), this.#lengthMs) });
    this.#hold();
  }

  setSpeed(speed: number): void {
    this.tick();
    this.#change({ speed });
    this.#hold();
  }

  /** Moves the clock on and sets right what has drifted; called several times in a second. */
  tick(): void {
    const now = this.#now();
    const passed = now - this.#tickedAt;
    this.#tickedAt = now;
    if (!this.#state.isPlaying) return;
    const isWaiting = [...this.#media.values()].some(
      ({ track, media }) =>
        this.#isDue(track) &&
        !media.ended &&
        (media.seeking || media.readyState < HAVE_FUTURE_DATA),
    );
    const moved = isWaiting ? 0 : passed * this.#state.speed;
    const positionMs = Math.min(this.#state.positionMs + moved, this.#lengthMs);
    this.#change({ isWaiting, positionMs, isPlaying: positionMs < this.#lengthMs });
    this.#hold();
  }

  #isDue({ startMs, endMs }: Track): boolean {
    const { positionMs } = this.#state;
    return startMs <= positionMs && positionMs < endMs;
  }

  /** Makes every track do what the clock says. */
  #hold(): void {
    const { positionMs, isPlaying, isWaiting, speed } = this.#state;
    for (const { track, media } of this.#media.values()) {
      const isDue = this.#isDue(track);
      media.playbackRate = speed;
      // What comes later waits at its beginning.
      const place = isDue ? (positionMs - track.startMs) / 1_000 : 0;
      const isOff = Math.abs(media.currentTime - place) > DRIFT_S;
      // A file may end a little before its length says; there is nothing to go back to.
      const isUsedUp = media.ended && place >= media.currentTime;
      if (isOff && !media.seeking && !isUsedUp) media.currentTime = place;
      const goes = isDue && isPlaying && !isWaiting && !isUsedUp;
      if (goes && media.paused) {
        media.play().catch((problem: unknown) => {
          // Browsers may want another press before there is sound. Anything else, a new source for
          // one, is over by the next tick.
          if (problem instanceof Error && problem.name === 'NotAllowedError') this.pause();
        });
      } else if (!goes && !media.paused) media.pause();
    }
  }

  #change(change: Partial<PlaybackState>): void {
    const before = this.#state;
    const state = { ...before, ...change };
    const names = Object.keys(state) as (keyof PlaybackState)[];
    if (names.every((name) => state[name] === before[name])) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
