import type { RecordingKind, Role, SourceKind } from './protocol.js';

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
   */
  startRecording(kind: RecordingKind): Promise<void>;
  /** Ends a recording; its files are completed afterwards. */
  stopRecording(recordingId: string): Promise<void>;
  /** Ends the call for everybody. */
  endCall(): Promise<void>;
}
