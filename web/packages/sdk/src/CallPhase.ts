import type { RoomStore } from './RoomStore.js';

/**
 * How long signalling may be away until it is shown, milliseconds: media goes on meanwhile, and most
 * losses are mended sooner.
 */
const SIGNAL_GRACE_MS = 400;

/** Decides the phase of a call from the state of signalling and media. */
export class CallPhase {
  readonly #store: RoomStore;
  readonly #wallClock: () => number;
  #hasJoined = false;
  #isSignalUp = true;
  #isMediaUp = true;
  #reconnectingSince: number | null = null;
  #graceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: RoomStore, wallClock: () => number) {
    this.#store = store;
    this.#wallClock = wallClock;
  }

  /** A moderator has to let one in. */
  handleLobby(): void {
    if (!this.#hasJoined) this.#store.enter('lobby');
  }

  /** A session began, the first or a new one after the old was lost; its media is on its way. */
  handleJoined(): void {
    this.#hasJoined = true;
    this.#isMediaUp = true;
    this.handleSignalUp();
  }

  /** Signalling was lost. */
  handleSignalDown(): void {
    this.#isSignalUp = false;
    clearTimeout(this.#graceTimer);
    this.#graceTimer = setTimeout(() => this.#update(), SIGNAL_GRACE_MS);
  }

  /** Signalling works again. */
  handleSignalUp(): void {
    clearTimeout(this.#graceTimer);
    this.#isSignalUp = true;
    this.#update();
  }

  /** Nothing arrives any more. */
  handleMediaDown(): void {
    this.#isMediaUp = false;
    this.#update();
  }

  /** Media flows. */
  handleMediaUp(): void {
    this.#isMediaUp = true;
    this.#update();
  }

  /** The call is over. */
  close(): void {
    clearTimeout(this.#graceTimer);
    this.#hasJoined = false;
  }

  #update(): void {
    if (!this.#hasJoined) return;
    if (this.#isSignalUp && this.#isMediaUp) this.#handleConnected();
    else this.#handleReconnecting();
  }

  #handleConnected(): void {
    this.#store.enter('connected');
    if (this.#reconnectingSince === null) return;
    const afterMs = this.#wallClock() - this.#reconnectingSince;
    this.#reconnectingSince = null;
    this.#store.events.emit('reconnected', { afterMs });
  }

  #handleReconnecting(): void {
    this.#store.enter('reconnecting');
    if (this.#reconnectingSince !== null) return;
    this.#reconnectingSince = this.#wallClock();
    this.#store.events.emit('reconnecting', { sinceMs: this.#reconnectingSince });
  }
}
