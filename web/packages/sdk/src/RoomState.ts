import type {
  ConnectionState,
  LeaveReason,
  QualityCause,
  QualityLevel,
  RecordingKind,
  RecordingState,
  SourceState,
  StreamFailure,
  StreamState,
} from './protocol.js';

/**
 * Everything a user interface needs to know of a call. Immutable: each change makes a new object,
 * and parts that did not change keep their identity.
 *
 * @example
 * ```ts
 * const state = useSyncExternalStore(room.subscribe, () => room.state);
 * const others = state.participants.filter((participant) => !participant.isLocal);
 * ```
 */
export interface RoomState {
  /** Where the room stands. `reconnecting`: signalling or media is lost and being restored. */
  readonly phase: 'idle' | 'joining' | 'lobby' | 'connected' | 'reconnecting' | 'left';
  /** When `phase` began, milliseconds since 1970 by the local clock. */
  readonly phaseSince: number;
  /** The app, once joined. */
  readonly app: { readonly id: string; readonly name: string; readonly isTrial: boolean } | null;
  /** The name of the room, once joined. */
  readonly room: string | null;
  /** The call, once joined. */
  readonly call: { readonly id: string; readonly startedAtMs: number } | null;
  /** Settings of the room. */
  readonly settings: { readonly hasPassword: boolean; readonly hasLobby: boolean };
  /** The own participant id, once joined. */
  readonly localId: string | null;
  /** Everybody in the call: oneself first, then in the order of joining. */
  readonly participants: readonly ParticipantView[];
  /** Ids of those who speak, the dominant one first. */
  readonly speakers: readonly string[];
  /** The chat, oldest first. */
  readonly chat: readonly ChatEntry[];
  /** Recordings that are running or about to, the oldest first. */
  readonly recordings: readonly RecordingView[];
  /**
   * When the call ends, milliseconds since 1970 by the server's clock, since it must be recorded and
   * is not; `null` while it is recorded, and where it need not be.
   */
  readonly recordingDeadlineMs: number | null;
  /** Who waits to be let in; empty for those who are not moderators. */
  readonly lobby: readonly LobbyEntry[];
  /** Where one waits oneself, in phase `lobby`. */
  readonly lobbyInfo: { readonly appName: string; readonly hasModerator: boolean } | null;
  /** Why the call is over, in phase `left`. */
  readonly leaveReason: LeaveReason | null;
  /** Lets this client rate the call, also after it. */
  readonly ratingToken: string | null;
  /** The browser refuses to play sound until a click calls {@link Room.resumeAudio}. */
  readonly isAudioBlocked: boolean;
  /** What {@link Room.setVideoQuality} was told. */
  readonly videoQuality: VideoQuality;
  /** Pictures that are asked for and that the connection does not carry at the moment. */
  readonly pausedVideos: readonly VideoKey[];
}

/** How much video is received at most. */
export type VideoQuality = 'auto' | 'low' | 'audio_only';

/** Which pictures of a participant there are. */
export type VideoSource = 'camera' | 'screen';

/** Names one picture in a call. */
export interface VideoKey {
  /** Whose. */
  readonly participantId: string;
  /** Which. */
  readonly source: VideoSource;
}

/** Somebody in the call, as a user interface shows them. */
export interface ParticipantView {
  /** Unique in the platform. */
  readonly id: string;
  /** Unique in the call, from 0. */
  readonly number: number;
  /** Display name. */
  readonly name: string;
  /** Address of a picture. */
  readonly avatar?: string;
  /** Whether this is oneself. */
  readonly isLocal: boolean;
  /** Whether they moderate the call. */
  readonly isModerator: boolean;
  /** Whether a token proved the name. */
  readonly isVerified: boolean;
  /** When they joined, milliseconds since 1970 by the server's clock. */
  readonly joinedAtMs: number;
  /** Whether their connection is up. */
  readonly connection: ConnectionState;
  /** When they raised their hand, milliseconds since 1970; `null` when it is down. */
  readonly handRaisedAtMs: number | null;
  /** How good their connection is. */
  readonly quality: QualityLevel;
  /** The main reason when it is not good. */
  readonly qualityCause?: QualityCause;
  /** Their microphone. */
  readonly microphone: SourceState;
  /** Their camera. */
  readonly camera: SourceState;
  /** Their shared screen. */
  readonly screen: SourceState;
  /** The sound of their shared screen. */
  readonly screenAudio: SourceState;
}

/** One chat message. */
export interface ChatEntry {
  /** Unique; grows with time. */
  readonly id: string;
  /** The id of the sender, who may have left. */
  readonly from: string;
  /** The name that the sender had then. */
  readonly fromName: string;
  /** The only reader besides the sender; absent when everybody reads it. */
  readonly to?: string;
  /** Plain text. */
  readonly text: string;
  /** When the server took it, milliseconds since 1970. */
  readonly atMs: number;
  /** Whether one wrote it oneself. */
  readonly isOwn: boolean;
}

/** A recording of the call. */
export interface RecordingView {
  /** Unique in the platform. */
  readonly id: string;
  /** What becomes of the call. */
  readonly kind: RecordingKind;
  /** How far it is; what people say is kept from `active` on. */
  readonly state: RecordingState;
  /** When it began, milliseconds since 1970 by the server's clock; `null` before that. */
  readonly startedAtMs: number | null;
  /** Who began it, as they were called then; absent when the app did. */
  readonly startedBy?: string;
  /** Which participant that was: they know of it and need not be asked. */
  readonly startedById?: string;
  /** Where it stands while no recorder is free; absent where it need not wait. */
  readonly queue?: QueueView;
  /** Whether pictures are left out, since the disk of its recorder is nearly full. */
  readonly isSoundOnly: boolean;
  /** Whether there is no call here without a recording: whoever does not agree leaves. */
  readonly isRequired: boolean;
  /** Of a stream: where it is sent, and how that goes. */
  readonly streams: readonly StreamView[];
}

/** The place of a recording that waits for a recorder. */
export interface QueueView {
  /** 1 is the next. */
  readonly place: number;
  /** When it begins as far as can be told, milliseconds since 1970; absent where nothing tells. */
  readonly expectedAtMs?: number;
}

/** Where a stream is sent; its key is not told to anybody. */
export interface StreamView {
  /** Names it in {@link Moderation.setStreamTargets}. */
  readonly id: string;
  /** How people call it. */
  readonly name: string;
  /** How it is. */
  readonly state: StreamState;
  /** What is sent to it, bits per second; absent while nothing is. */
  readonly bitrateBps?: number;
  /** Why it is not live. */
  readonly failure?: StreamFailure;
  /** Where viewers see it. */
  readonly viewerUrl?: string;
}

/** Somebody who waits to be let in. */
export interface LobbyEntry {
  /** Names them in {@link Moderation.answerLobby}; they keep it in the call. */
  readonly participantId: string;
  /** Display name. */
  readonly name: string;
  /** Whether a token proved the name. */
  readonly isVerified: boolean;
  /** Since when they wait, milliseconds since 1970. */
  readonly sinceMs: number;
}

/** The state of a room that nobody joined yet. */
export const IDLE_ROOM_STATE: RoomState = {
  phase: 'idle',
  phaseSince: 0,
  app: null,
  room: null,
  call: null,
  settings: { hasPassword: false, hasLobby: false },
  localId: null,
  participants: [],
  speakers: [],
  chat: [],
  recordings: [],
  recordingDeadlineMs: null,
  lobby: [],
  lobbyInfo: null,
  leaveReason: null,
  ratingToken: null,
  isAudioBlocked: false,
  videoQuality: 'auto',
  pausedVideos: [],
};
