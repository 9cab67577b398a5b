/**
 * Video calls over Jumpa in the browser. Start with {@link Room}.
 *
 * @packageDocumentation
 */

export type {
  CallStats,
  ReceivedSlotStats,
  SentLayerStats,
  SentSourceStats,
  TransportStats,
} from './CallStats.js';
export { type Device, Devices, type DevicesState } from './Devices.js';
export {
  JoinError,
  type JoinErrorCode,
  MediaError,
  type MediaErrorCode,
  RequestError,
  type RequestErrorCode,
} from './errors.js';
export type { LocalMedia, LocalMediaState, LocalSourceState } from './LocalMedia.js';
export type {
  Moderation,
  RecordingWish,
  StoredStreamTarget,
  StreamTarget,
} from './Moderation.js';
export type {
  ComposeTime,
  ConnectionState,
  ErrorCode,
  LeaveReason,
  QualityCause,
  QualityLevel,
  Reaction,
  RecordingFailure,
  RecordingFallback,
  RecordingKind,
  RecordingLayout,
  RecordingState,
  Role,
  SourceKind,
  SourceState,
  StreamFailure,
  StreamPreset,
  StreamState,
} from './protocol.js';
export { Room } from './Room.js';
export type { RoomEvents } from './RoomEvents.js';
export type { JoinOptions, Logger, RoomOptions, VideoTarget } from './RoomOptions.js';
export type {
  ChatEntry,
  LobbyEntry,
  ParticipantView,
  QueueView,
  RecordingView,
  RoomState,
  StreamView,
  VideoKey,
  VideoQuality,
  VideoSource,
} from './RoomState.js';
