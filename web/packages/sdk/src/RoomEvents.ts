import type { LocalMediaState } from './LocalMedia.js';
import type { LeaveReason, Reaction, RecordingFailure, SourceKind } from './protocol.js';
import type { ChatEntry, LobbyEntry, ParticipantView, RecordingView } from './RoomState.js';

/**
 * What {@link Room.on} tells, for toasts and sounds. The state is already the new one when an event
 * fires. Nothing is told twice, also after a reconnect.
 *
 * @example
 * ```ts
 * const stop = room.on('participantJoined', ({ participant }) => toast(`${participant.name} joined`));
 * ```
 */
export interface RoomEvents {
  /** Somebody came. */
  participantJoined: { readonly participant: ParticipantView };
  /** Somebody left; `participant` is what was known of them last. */
  participantLeft: { readonly participant: ParticipantView; readonly reason: LeaveReason };
  /** A chat message of somebody else or of oneself. */
  chatReceived: { readonly entry: ChatEntry };
  /** Somebody reacted, maybe oneself. */
  reacted: { readonly participantId: string; readonly reaction: Reaction };
  /** Somebody raised their hand. */
  handRaised: { readonly participantId: string };
  /** A moderator switched off an own source. */
  mutedByModerator: { readonly source: SourceKind; readonly by: string };
  /** A moderator asks to switch an own source on. */
  unmuteAsked: { readonly source: SourceKind; readonly by: string };
  /** Somebody began to wait in the lobby (moderators only). */
  lobbyKnocked: { readonly entry: LobbyEntry };
  /** From now on the call is recorded. */
  recordingStarted: { readonly recording: RecordingView };
  /** The call is no longer recorded. */
  recordingStopped: { readonly recording: RecordingView };
  /** A recording came to nothing, or ended too early. */
  recordingFailed: { readonly recording: RecordingView; readonly failure: RecordingFailure };
  /** The connection was lost; it is being restored. */
  reconnecting: { readonly sinceMs: number };
  /** The connection is back. */
  reconnected: { readonly afterMs: number };
  /** The call is over for this client. */
  left: { readonly reason: LeaveReason };
  /** A local source changed, also by itself (unplugged device, sharing ended in the browser). */
  localMediaChanged: { readonly state: LocalMediaState };
  /** A device disappeared; another one took over, or the source went off (`deviceId` is null). */
  deviceLost: { readonly source: 'microphone' | 'camera'; readonly deviceId: string | null };
}
