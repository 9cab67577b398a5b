import type {
  ComposeTime,
  RecordingFallback,
  RecordingKind,
  RecordingLayout,
  Role,
  SourceKind,
  StreamPreset,
} from './protocol.js';

/** How a call shall be recorded. */
export interface RecordingWish {
  /** What becomes of the call. */
  readonly kind: RecordingKind;
  /** Of a composite or a stream: where people stand; `grid` unless told. */
  readonly layout?: RecordingLayout;
  /** Of a composite: when it is made; `after_call` unless told. */
  readonly compose?: ComposeTime;
  /** Of a composite or a stream: its height in pixels, 720 or 1080; 720 unless told. */
  readonly height?: number;
  /** Of a composite or a stream: whether names stand on the tiles; they do unless told. */
  readonly hasNames?: boolean;
  /** What is made where no recorder is free for it; without it the recording waits. */
  readonly fallback?: RecordingFallback;
  /** Of a stream: where it is sent, 1 to 8. */
  readonly targets?: readonly StreamTarget[];
}

/** Where a stream is sent: one that is known by its id, or a new one with its key. */
export type StreamTarget =
  | {
      /** From {@link StreamView}, or of a {@link StoredStreamTarget}. */
      readonly id: string;
    }
  | {
      /** A service whose address is known; without it, `url`. */
      readonly preset?: StreamPreset;
      /** `rtmp://` or `rtmps://` with the application, without the key. */
      readonly url?: string;
      /** The stream key. It is never shown again. */
      readonly key: string;
      /** How people call it; the name of the service or the host unless told. */
      readonly name?: string;
      /** Where viewers see the stream; everybody in the call is shown it. */
      readonly viewerUrl?: string;
    };

/** A place for streams that the app has stored: its address and its key stay with the server. */
export interface StoredStreamTarget {
  /** Names it in {@link RecordingWish.targets} and {@link Moderation.setStreamTargets}. */
  readonly id: string;
  /** How the people of the app call it. */
  readonly name: string;
}

/**
 * What moderators may do. The server checks every right; each call rejects with `RequestError`
 * (`not_moderator`, `participant_unknown`, …) when it is refused.
 *
 * @example
 * ```ts
 * await room.moderation.mute(participant.id, 'microphone');
 * ```
 */
export interface Moderation {
  /** Switches off a source of somebody; only they can switch it on again. */
  mute(participantId: string, source: SourceKind): Promise<void>;
  /** Switches off a source of everybody but moderators. */
  muteAll(source: SourceKind): Promise<void>;
  /** Asks somebody to switch a source on. */
  askUnmute(participantId: string, source: SourceKind): Promise<void>;
  /** Lowers somebody's hand. */
  lowerHand(participantId: string): Promise<void>;
  /** Removes somebody; with `ban` they cannot come back into this call. */
  remove(participantId: string, options?: { readonly ban?: boolean }): Promise<void>;
  /** Gives or takes moderation. */
  setRole(participantId: string, role: Role): Promise<void>;
  /** Sets the room's password (1 to 64 characters), or clears it with `null`. */
  setPassword(password: string | null): Promise<void>;
  /** Switches the lobby on or off; off lets everybody in who waits. */
  setLobby(isEnabled: boolean): Promise<void>;
  /** Lets somebody in who waits, or refuses them. */
  answerLobby(participantId: string, admit: boolean): Promise<void>;
  /**
   * Asks for a recording. Resolves when the server has taken the request; what becomes of it is in
   * {@link RoomState.recordings} and in the events `recordingStarted` and `recordingFailed`.
   *
   * @example
   * ```ts
   * await room.moderation.startRecording({ kind: 'composite', layout: 'speaker' });
   * ```
   */
  startRecording(wish: RecordingWish): Promise<void>;
  /**
   * Tells what the app has stored to stream to, the oldest first: a stream is sent there by the id
   * alone. Rejects with `not_granted` for moderators who may not stream; a stream to an id that is
   * not among them is refused with `stream_target_unknown`.
   *
   * @example
   * ```ts
   * const targets = await room.moderation.listStreamTargets();
   * const chosen = targets.filter(({ name }) => name === 'Kanal klinik');
   * await room.moderation.startRecording({
   *   kind: 'stream',
   *   targets: chosen.map(({ id }) => ({ id })),
   * });
   * ```
   */
  listStreamTargets(): Promise<readonly StoredStreamTarget[]>;
  /**
   * Sends a stream to these targets from now on, and to no others; those that it has already are
   * named by their ids and go on undisturbed.
   */
  setStreamTargets(recordingId: string, targets: readonly StreamTarget[]): Promise<void>;
  /** Ends a recording; its files are completed afterwards. */
  stopRecording(recordingId: string): Promise<void>;
  /** Ends the call for everybody. */
  endCall(): Promise<void>;
}
