import type { CallStats } from './CallStats.js';
import { Emitter } from './Emitter.js';
import { RequestError } from './errors.js';
import { IDLE_LOCAL_MEDIA_STATE, type LocalMedia } from './LocalMedia.js';
import type { Moderation } from './Moderation.js';
import type { Reaction } from './protocol.js';
import type { RoomEvents } from './RoomEvents.js';
import type { JoinOptions, RoomOptions, VideoTarget } from './RoomOptions.js';
import { IDLE_ROOM_STATE, type RoomState, type VideoQuality } from './RoomState.js';

/**
 * One call, seen from one browser.
 *
 * @example
 * ```ts
 * const room = new Room({ serverUrl: 'https://call.example.com' });
 * await room.local.setMicrophone(true);
 * await room.join({ appId: 'klinik-sehat-k3x9q', room: 'ruang-1', name: 'Ibu Sari' });
 * room.subscribe(() => draw(room.state));
 * ```
 */
export class Room {
  /** The own microphone, camera and screen. */
  readonly local: LocalMedia;
  /** What moderators may do. */
  readonly moderation: Moderation;

  readonly #events = new Emitter<RoomEvents>();
  readonly #listeners = new Set<() => void>();
  #state: RoomState = IDLE_ROOM_STATE;

  constructor(_options: RoomOptions = {}) {
    const refuse = (): Promise<never> => Promise.reject(notJoined());
    this.local = {
      state: IDLE_LOCAL_MEDIA_STATE,
      cameraTrack: null,
      microphoneTrack: null,
      screenTrack: null,
      subscribe: () => () => undefined,
      setMicrophone: refuse,
      setCamera: refuse,
      setScreen: refuse,
      microphoneLevel: () => 0,
      flipCamera: refuse,
    };
    this.moderation = {
      mute: refuse,
      muteAll: refuse,
      askUnmute: refuse,
      lowerHand: refuse,
      remove: refuse,
      setRole: refuse,
      setPassword: refuse,
      setLobby: refuse,
      answerLobby: refuse,
      endCall: refuse,
    };
  }

  /** The call as it is now; the same object until something changes. */
  get state(): RoomState {
    return this.#state;
  }

  /** Calls `listener` after each change of `state`. Bound, for `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Calls `listener` at each event until the returned function is called. */
  on<Name extends keyof RoomEvents>(
    name: Name,
    listener: (event: RoomEvents[Name]) => void,
  ): () => void {
    return this.#events.on(name, listener);
  }

  /**
   * Enters a room. Resolves when joined; meanwhile the phase is `joining`, and `lobby` while a
   * moderator has to let one in. Rejects with `JoinError`.
   */
  join(_options: JoinOptions): Promise<void> {
    return Promise.reject(notJoined());
  }

  /** Leaves the call and stops the local sources. Never rejects. */
  async leave(): Promise<void> {
    this.#state = { ...this.#state, phase: 'left', leaveReason: 'left' };
    for (const listener of [...this.#listeners]) listener();
    this.#events.emit('left', { reason: 'left' });
  }

  /** Writes to everybody, or to one participant; 1 to 4,000 characters. */
  sendChat(_text: string, _to?: string): Promise<void> {
    return Promise.reject(notJoined());
  }

  /** Raises or lowers the own hand. */
  setHand(_isRaised: boolean): Promise<void> {
    return Promise.reject(notJoined());
  }

  /** Shows a reaction for a moment. */
  react(_reaction: Reaction): Promise<void> {
    return Promise.reject(notJoined());
  }

  /** Changes the own display name; refused with `not_granted` when a token fixed it. */
  setName(_name: string): Promise<void> {
    return Promise.reject(notJoined());
  }

  /**
   * Shows a picture in an element until the returned function is called. Asks for as many pixels as
   * the element has on screen, and for none while it is hidden. Own pictures come without the
   * network.
   */
  attachVideo(_element: HTMLVideoElement, _target: VideoTarget): () => void {
    return () => undefined;
  }

  /** How loud somebody is now, 0 to 1, for animation. */
  levelOf(_participantId: string): number {
    return 0;
  }

  /** Chooses the loudspeaker or headphones; rejects with `MediaError` where that is impossible. */
  setAudioOutput(_deviceId: string): Promise<void> {
    return Promise.reject(notJoined());
  }

  /** Plays sound after the browser had blocked it; call it in a click. */
  resumeAudio(): Promise<void> {
    return Promise.resolve();
  }

  /** Measures the connection. */
  getStats(): Promise<CallStats> {
    return Promise.reject(notJoined());
  }

  /** Limits what is received: everything, small pictures, or sound alone. */
  setVideoQuality(max: VideoQuality): void {
    if (this.#state.videoQuality === max) return;
    this.#state = { ...this.#state, videoQuality: max };
    for (const listener of [...this.#listeners]) listener();
  }
}

function notJoined(): RequestError {
  return new RequestError('not_joined', 'the room is not joined');
}
