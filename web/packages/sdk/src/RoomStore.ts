import { Emitter } from './Emitter.js';
import type { RoomEvents } from './RoomEvents.js';
import { IDLE_ROOM_STATE, type RoomState } from './RoomState.js';

/** Holds the state of a room and tells of changes; events fire after the state has changed. */
export class RoomStore {
  readonly events = new Emitter<RoomEvents>();
  readonly #listeners = new Set<() => void>();
  readonly #wallClock: () => number;
  #state: RoomState = IDLE_ROOM_STATE;

  constructor(wallClock: () => number) {
    this.#wallClock = wallClock;
  }

  get state(): RoomState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    // Of its own, so that one function can listen twice and stop once.
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  };

  /** Replaces the state; nobody is told when it is the same object. */
  replace(state: RoomState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        reportError(error);
      }
    }
  }

  /** Changes some fields; nobody is told when they have these values already. */
  change(fields: Partial<RoomState>): void {
    const names = Object.keys(fields) as (keyof RoomState)[];
    if (names.every((name) => this.#state[name] === fields[name])) return;
    this.replace({ ...this.#state, ...fields });
  }

  /** Enters a phase, together with other changes. */
  enter(phase: RoomState['phase'], fields: Partial<RoomState> = {}): void {
    const phaseSince = phase === this.#state.phase ? this.#state.phaseSince : this.#wallClock();
    this.change({ ...fields, phase, phaseSince });
  }
}
