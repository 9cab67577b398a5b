// Generated from crates/protocol by `make codegen`. Do not edit: a test compares it.

/**
 * The public name of an app, for example `klinik-sehat-k3x9q`.
 */
export type AppId = string;

/**
 * The app, as far as callers see it.
 */
export type AppSummary = { 
/**
 * Its id.
 */
id: AppId, 
/**
 * The name that people read.
 */
name: string, 
/**
 * Whether the app is on trial; pages show a mark.
 */
is_trial: boolean, };

/**
 * One occurrence in a room, first join to last leave.
 */
export type CallId = string;

/**
 * A recording as people in the call see it.
 */
export type CallRecording = { 
/**
 * Which.
 */
id: string, 
/**
 * What becomes of the call.
 */
kind: RecordingKind, 
/**
 * How far it is; gone from the list when it is not running any more.
 */
state: RecordingState, 
/**
 * When it began to record, milliseconds since 1970.
 */
started_at_ms: number | null, 
/**
 * Who began it, as they were called then; absent when the app did.
 */
started_by?: string, 
/**
 * Which participant that was: they know of it and are not asked.
 */
started_by_id?: ParticipantId, 
/**
 * Why it failed.
 */
failure?: RecordingFailure, 
/**
 * While it is queued for want of capacity: where it stands.
 */
queue?: QueuePlace, 
/**
 * Whether pictures are left out, since the disk of its recorder is nearly full.
 */
is_sound_only?: boolean, 
/**
 * Of a stream: where it is sent.
 */
streams?: Array<CallStream>, 
/**
 * Whether there is no call here without a recording: whoever refuses to be recorded leaves.
 */
is_required?: boolean, 
/**
 * When the call ends, milliseconds since 1970, since a recording is required and nothing is
 * recorded; absent while something is.
 */
ends_call_at_ms?: number, };

/**
 * A target of a stream as people in the call see it: never its key.
 */
export type CallStream = { 
/**
 * Which.
 */
id: string, 
/**
 * What whoever entered it called it, or the host of its address.
 */
name: string, 
/**
 * How it is.
 */
state: StreamState, 
/**
 * What is sent to it, bits per second.
 */
bitrate_bps?: number, 
/**
 * Why it is not live.
 */
failure?: StreamFailure, 
/**
 * Where viewers see it.
 */
viewer_url?: string, };

/**
 * The call.
 */
export type CallSummary = { 
/**
 * Its id.
 */
id: CallId, 
/**
 * When the first participant joined, milliseconds since 1970.
 */
started_at_ms: number, };

/**
 * One chat message.
 */
export type ChatMessage = { 
/**
 * Unique; grows with time.
 */
id: ChatMessageId, 
/**
 * Who wrote it.
 */
from: ParticipantId, 
/**
 * The name they had then.
 */
from_name: string, 
/**
 * The only reader besides the sender; absent for everybody.
 */
to?: ParticipantId, 
/**
 * Plain text.
 */
text: string, 
/**
 * When the server took it, milliseconds since 1970.
 */
at_ms: number, };

/**
 * One chat message.
 */
export type ChatMessageId = string;

/**
 * Which client joins. Free text of at most 100 characters each; only for statistics.
 */
export type ClientInfo = { 
/**
 * Name and version of the SDK.
 */
sdk: string, 
/**
 * Name and major version of the browser or program.
 */
browser: string, 
/**
 * Operating system.
 */
os: string, };

/**
 * One message of a client.
 */
export type ClientMessage = { 
/**
 * Chosen by the client, unique in the session; the answer carries it back.
 */
request_id: number, } & ({ "type": "join" } & Join | { "type": "resume", 
/**
 * From `joined`.
 */
resume_token: string, 
/**
 * The `seq` of the last event that was handled; 0 for none.
 */
last_seq: number, } | { "type": "negotiate", 
/**
 * The session description.
 */
offer: string, } | { "type": "view", 
/**
 * Wanted pictures, one per slot.
 */
slots: Array<SlotView>, } | { "type": "set_source" } & SourceUpdate | { "type": "send_chat", 
/**
 * 1 to 4,000 characters.
 */
text: string, 
/**
 * Only this participant reads it (and the sender).
 */
to?: ParticipantId, } | { "type": "set_hand", 
/**
 * Whether it is up.
 */
is_raised: boolean, } | { "type": "react", 
/**
 * Which one.
 */
reaction: Reaction, } | { "type": "set_name", 
/**
 * 1 to 80 characters.
 */
name: string, } | { "type": "report_quality", 
/**
 * What the client would show.
 */
level: QualityLevel, } | { "type": "report_media", 
/**
 * What it measured.
 */
summary: MediaSummary, } | { "type": "mute_participant", 
/**
 * Whom.
 */
participant_id: ParticipantId, 
/**
 * What.
 */
source: SourceKind, } | { "type": "mute_all", 
/**
 * What.
 */
source: SourceKind, } | { "type": "ask_unmute", 
/**
 * Whom.
 */
participant_id: ParticipantId, 
/**
 * What.
 */
source: SourceKind, } | { "type": "lower_hand", 
/**
 * Whose.
 */
participant_id: ParticipantId, } | { "type": "remove_participant", 
/**
 * Whom.
 */
participant_id: ParticipantId, 
/**
 * Keep them out for the rest of the call.
 */
ban: boolean, } | { "type": "set_role", 
/**
 * Whom.
 */
participant_id: ParticipantId, 
/**
 * The new role.
 */
role: Role, } | { "type": "set_password", 
/**
 * 1 to 64 characters.
 */
password: string | null, } | { "type": "set_lobby", 
/**
 * Whether people wait for approval.
 */
is_enabled: boolean, } | { "type": "answer_lobby", 
/**
 * From `lobby_changed`.
 */
participant_id: ParticipantId, 
/**
 * `true` lets in, `false` refuses.
 */
admit: boolean, } | { "type": "start_recording" } & StartRecording | { "type": "list_stream_targets" } | { "type": "set_stream_targets", 
/**
 * Which.
 */
recording_id: string, 
/**
 * All of them, 1 to 8.
 */
targets: Array<WantedTarget>, } | { "type": "stop_recording", 
/**
 * Which.
 */
recording_id: string, } | { "type": "consent_to_recording", 
/**
 * Which.
 */
recording_id: string, 
/**
 * Whether they agree; they do when it is left out.
 */
agrees?: boolean, } | { "type": "end_call" } | { "type": "leave" } | { "type": "ping" });

/**
 * When a composite is made.
 */
export type ComposeTime = "after_call" | "live";

/**
 * Whether somebody's connection is up.
 */
export type ConnectionState = "connecting" | "connected" | "reconnecting";

/**
 * Why a request was refused. Codes are stable: clients branch on them and translate them.
 */
export type ErrorCode = "bad_message" | "not_allowed_now" | "invalid_value" | "message_too_big" | "too_many_messages" | "app_unknown" | "app_disabled" | "tenant_suspended" | "origin_refused" | "user_banned" | "minutes_used_up" | "too_many_calls" | "trial_full" | "server_draining" | "token_required" | "token_malformed" | "token_key_unknown" | "token_algorithm" | "token_signature" | "token_expired" | "token_not_yet_valid" | "token_lifetime" | "token_wrong_room" | "token_wrong_app" | "token_replayed" | "password_required" | "password_wrong" | "room_full" | "lobby_full" | "lobby_denied" | "banned" | "call_ended" | "resume_unknown" | "not_moderator" | "not_granted" | "participant_unknown" | "recording_unknown" | "stream_target_unknown" | "offer_invalid" | "media_unavailable" | "recorder_unavailable" | "server_closing" | "internal";

/**
 * What happened in the room or to this participant.
 */
export type Event = { "type": "lobby_waiting", 
/**
 * The name of the app, to show where one waits.
 */
app_name: string, 
/**
 * Whether a moderator is there to answer.
 */
has_moderator: boolean, } | { "type": "participant_joined", 
/**
 * Who.
 */
participant: Participant, } | { "type": "participant_left", 
/**
 * Who.
 */
participant_id: ParticipantId, 
/**
 * Why.
 */
reason: LeaveReason, } | { "type": "connection_changed", 
/**
 * Who.
 */
participant_id: ParticipantId, 
/**
 * What it is now.
 */
connection: ConnectionState, } | { "type": "name_changed", 
/**
 * Who.
 */
participant_id: ParticipantId, 
/**
 * The new one.
 */
name: string, } | { "type": "role_changed", 
/**
 * Who.
 */
participant_id: ParticipantId, 
/**
 * The new one.
 */
role: Role, } | { "type": "source_changed", 
/**
 * Whose.
 */
participant_id: ParticipantId, 
/**
 * What it is now.
 */
source: SourceInfo, } | { "type": "hand_changed", 
/**
 * Whose.
 */
participant_id: ParticipantId, 
/**
 * When it went up, milliseconds since 1970; `null` when it is down.
 */
raised_at_ms: number | null, } | { "type": "reacted", 
/**
 * Who.
 */
participant_id: ParticipantId, 
/**
 * How.
 */
reaction: Reaction, } | { "type": "chat_received", 
/**
 * The message.
 */
message: ChatMessage, } | { "type": "speakers_changed", 
/**
 * At most as many as a client has audio slots.
 */
participant_ids: Array<ParticipantId>, } | { "type": "slot_changed", 
/**
 * Audio or video slot.
 */
kind: MediaKind, 
/**
 * Its index.
 */
slot: number, 
/**
 * What it does.
 */
state: SlotState, } | { "type": "layers_wanted", 
/**
 * `camera` or `screen`.
 */
source: SourceKind, 
/**
 * Wanted encodings from small to large. The smallest is always among them: it is what the
 * next receiver sees first.
 */
layers: Array<Layer>, } | { "type": "quality_changed", 
/**
 * Whose.
 */
participant_id: ParticipantId, 
/**
 * How good.
 */
level: QualityLevel, 
/**
 * The main reason when it is not good.
 */
cause?: QualityCause, } | { "type": "muted_by_moderator", 
/**
 * Which.
 */
source: SourceKind, 
/**
 * Who did it.
 */
by: ParticipantId, } | { "type": "unmute_asked", 
/**
 * Which.
 */
source: SourceKind, 
/**
 * Who asks.
 */
by: ParticipantId, } | { "type": "room_changed", 
/**
 * What they are now.
 */
settings: RoomSettings, } | { "type": "recording_changed", 
/**
 * How it is now.
 */
recording: CallRecording, } | { "type": "lobby_changed", 
/**
 * Everybody who waits, the longest first.
 */
waiting: Array<LobbyEntry>, } | { "type": "left", 
/**
 * Why.
 */
reason: LeaveReason, 
/**
 * After how long to come back by itself, milliseconds; absent: do not.
 */
retry_after_ms?: number, };

/**
 * A message of the server over the data channel labelled [`LABEL`].
 */
export type FastMessage = { "type": "levels", 
/**
 * Pairs of participant number and level in −dBov: 0 is the loudest, 127 silence
 * (RFC 6464 section 3).
 */
levels: Array<[number, number]>, };

/**
 * The request to enter a room.
 */
export type Join = { 
/**
 * The app.
 */
app_id: AppId, 
/**
 * The room.
 */
room: RoomName, 
/**
 * A join token signed by an app key; absent for guests.
 */
token?: string, 
/**
 * The resume token of an earlier session whose server is gone: keeps identity and rights.
 */
resume_token?: string, 
/**
 * The display name; a token's name wins. Required for guests.
 */
name?: string, 
/**
 * The room's password, if one is needed.
 */
password?: string, 
/**
 * The first offer: four sending m-lines, audio slots, video slots, the data channel.
 */
offer: string, 
/**
 * What the participant sends from the start, so that nobody sees a wrong mute badge.
 */
sources: Array<SourceUpdate>, 
/**
 * Which client this is, for statistics.
 */
client: ClientInfo, };

/**
 * The answer to `join`.
 */
export type Joined = { 
/**
 * Of the request.
 */
request_id: number, 
/**
 * Who the client is.
 */
participant_id: ParticipantId, 
/**
 * The session description.
 */
answer: string, 
/**
 * Continues this session on another WebSocket, and after a restart of the server. A secret.
 */
resume_token: string, 
/**
 * Lets this client rate the call afterwards. A secret.
 */
rating_token: string, 
/**
 * The room as it is, the client itself included.
 */
snapshot: Snapshot, };

/**
 * One simulcast encoding of a camera, named by its rid. The order is from small to large.
 */
export type Layer = "q" | "h" | "f";

/**
 * Why somebody is no longer in the call.
 */
export type LeaveReason = "left" | "connection_lost" | "removed" | "call_ended" | "server_closing" | "access_revoked" | "recording_lost";

/**
 * Somebody who waits to be let in.
 */
export type LobbyEntry = { 
/**
 * Names them in `answer_lobby`; they keep it when they are let in.
 */
participant_id: ParticipantId, 
/**
 * Display name.
 */
name: string, 
/**
 * Whether a token proved the name.
 */
is_verified: boolean, 
/**
 * Since when they wait, milliseconds since 1970.
 */
since_ms: number, };

/**
 * Sound or pictures.
 */
export type MediaKind = "audio" | "video";

/**
 * A client's media over the last [`limits::MEDIA_SUMMARY_INTERVAL`], as it measured it.
 */
export type MediaSummary = { 
/**
 * `udp`, `tcp`; absent without a path.
 */
transport?: string, 
/**
 * Round trip to the server, milliseconds.
 */
round_trip_time_ms?: number, 
/**
 * What the client thinks it may send, bits per second.
 */
available_outgoing_bps?: number, 
/**
 * What it sends and receives, at most [`limits::MAX_SUMMARY_TRACKS`].
 */
tracks: Array<TrackQuality>, };

/**
 * Somebody in the call.
 */
export type Participant = { 
/**
 * Unique in the platform.
 */
id: ParticipantId, 
/**
 * Unique in the call; names the owner of levels and, times four plus the order of the source
 * kind, of CSRCs.
 */
number: number, 
/**
 * Display name.
 */
name: string, 
/**
 * Address of a picture.
 */
avatar?: string, 
/**
 * What they may do.
 */
role: Role, 
/**
 * Whether a token proved the name.
 */
is_verified: boolean, 
/**
 * When they joined, milliseconds since 1970.
 */
joined_at_ms: number, 
/**
 * Whether their connection is up.
 */
connection: ConnectionState, 
/**
 * When they raised their hand, milliseconds since 1970.
 */
hand_raised_at_ms: number | null, 
/**
 * How good their connection is, seen by the server.
 */
quality: QualityLevel, 
/**
 * The main reason when it is not good.
 */
quality_cause?: QualityCause, 
/**
 * What they send; kinds that are `off` are absent.
 */
sources: Array<SourceInfo>, };

/**
 * One joined device in a call.
 */
export type ParticipantId = string;

/**
 * Why a connection is not good.
 */
export type QualityCause = "uplink_loss" | "downlink_loss" | "downlink_bandwidth" | "high_round_trip_time" | "no_packets";

/**
 * How good a connection is.
 */
export type QualityLevel = "unknown" | "good" | "fair" | "poor" | "lost";

/**
 * The place of a recording that waits for capacity.
 */
export type QueuePlace = { 
/**
 * 1 is the next.
 */
place: number, 
/**
 * When it will begin as far as can be told, milliseconds since 1970; absent when nothing that
 * goes on has a known end.
 */
expected_at_ms?: number, };

/**
 * Reactions that people can show.
 */
export type Reaction = "thumbs_up" | "clap" | "heart" | "laugh" | "surprised" | "party";

/**
 * Why a recording failed.
 */
export type RecordingFailure = "call_ended" | "nothing_recorded" | "cancelled" | "call_refused" | "no_capacity" | "target_refused" | "recorder_lost" | "disk_full" | "storage_refused" | "storage_unreachable" | "internal";

/**
 * What is made instead when there is no capacity for what was wanted.
 */
export type RecordingFallback = "tracks";

/**
 * What becomes of a call.
 */
export type RecordingKind = "tracks" | "composite" | "audio_only" | "stream";

/**
 * Where people stand in a composite. A shared screen takes the stage in each of them.
 */
export type RecordingLayout = "grid" | "speaker" | "side_by_side" | "single";

/**
 * How far a recording is.
 */
export type RecordingState = "queued" | "starting" | "active" | "finalising" | "uploading" | "ready" | "failed";

/**
 * A refusal: a stable code and a sentence that says what exactly was wrong.
 */
export type Refusal = { 
/**
 * The stable reason.
 */
code: ErrorCode, 
/**
 * One English sentence. Holds nothing that the other side may not know.
 */
message: string, };

/**
 * What a participant may do.
 */
export type Role = "moderator" | "participant";

/**
 * A named place inside an app. Letters are compared without case and kept in lower case.
 */
export type RoomName = string;

/**
 * Settings of a room that everybody sees.
 */
export type RoomSettings = { 
/**
 * Whether joining needs a password.
 */
has_password: boolean, 
/**
 * Whether people wait for approval.
 */
has_lobby: boolean, };

/**
 * One message of the server: an answer, or an event with its number.
 */
export type ServerMessage = { "type": "ok", 
/**
 * Of the request.
 */
request_id: number, } | { "type": "error", 
/**
 * Of the request; absent when the message could not be read at all.
 */
request_id?: number, 
/**
 * The stable reason.
 */
code: ErrorCode, 
/**
 * One English sentence for developers.
 */
message: string, } | { "type": "joined" } & Joined | { "type": "resumed", 
/**
 * Of the request.
 */
request_id: number, 
/**
 * The room as it is now, when events are missing.
 */
snapshot?: Snapshot, 
/**
 * The number of the last event that the snapshot includes.
 */
seq: number, } | { "type": "negotiated", 
/**
 * Of the request.
 */
request_id: number, 
/**
 * The session description.
 */
answer: string, } | { "type": "stream_targets", 
/**
 * Of the request.
 */
request_id: number, 
/**
 * What the app has stored, the oldest first.
 */
targets: Array<StreamTargetName>, } | { "type": "event", 
/**
 * Grows by one per event of the session, from 1.
 */
seq: number, 
/**
 * What.
 */
event: Event, };

/**
 * What a receiving slot shows.
 */
export type SlotState = { "is": "empty" } | { "is": "waiting", 
/**
 * Whose.
 */
participant_id: ParticipantId, 
/**
 * Which.
 */
source: SourceKind, } | { "is": "playing", 
/**
 * Whose.
 */
participant_id: ParticipantId, 
/**
 * Which.
 */
source: SourceKind, } | { "is": "paused", 
/**
 * Whose.
 */
participant_id: ParticipantId, 
/**
 * Which.
 */
source: SourceKind, };

/**
 * What shall stand in one video slot.
 */
export type SlotView = { 
/**
 * Index among the receiving video m-lines, from 0.
 */
slot: number, 
/**
 * Whose picture.
 */
participant_id: ParticipantId, 
/**
 * `camera` or `screen`.
 */
source: SourceKind, 
/**
 * Height of the tile in device pixels: no layer is chosen that is needlessly larger.
 */
max_height: number, 
/**
 * Larger is served first when the bandwidth is short; 0 to 255.
 */
priority: number, };

/**
 * The room as it is at one moment.
 */
export type Snapshot = { 
/**
 * The app, as far as callers see it.
 */
app: AppSummary, 
/**
 * The room.
 */
room: RoomName, 
/**
 * The call.
 */
call: CallSummary, 
/**
 * Settings of the room.
 */
settings: RoomSettings, 
/**
 * Everybody, this client included, in the order of joining.
 */
participants: Array<Participant>, 
/**
 * Chat that this client may read, oldest first.
 */
chat: Array<ChatMessage>, 
/**
 * Who speaks, the most recent dominant speaker first.
 */
speakers: Array<ParticipantId>, 
/**
 * Who waits; empty for those who are not moderators.
 */
lobby: Array<LobbyEntry>, 
/**
 * Recordings that are running, the oldest first.
 */
recordings: Array<CallRecording>, };

/**
 * One source of a participant.
 */
export type SourceInfo = { 
/**
 * Which kind.
 */
source: SourceKind, 
/**
 * What it does.
 */
state: SourceState, };

/**
 * What a participant sends. The order is the order of the sending m-lines in every offer.
 */
export type SourceKind = "microphone" | "camera" | "screen" | "screen_audio";

/**
 * Whether a source sends.
 */
export type SourceState = "live" | "muted" | "off";

/**
 * What a participant sends of one kind.
 */
export type SourceUpdate = { 
/**
 * Which kind.
 */
source: SourceKind, 
/**
 * What it does now.
 */
state: SourceState, };

/**
 * The request to record the call.
 */
export type StartRecording = { 
/**
 * Of a stream: where it is sent, 1 to 8.
 */
targets?: Array<WantedTarget>, 
/**
 * What becomes of the call.
 */
kind: RecordingKind, 
/**
 * Of a composite or a stream: where people stand.
 */
layout?: RecordingLayout, 
/**
 * Of a composite: when it is made. A stream is always live.
 */
compose?: ComposeTime, 
/**
 * Of a composite or a stream: its height in pixels, 720 or 1080.
 */
height?: number, 
/**
 * Of a composite or a stream: whether names stand on the tiles.
 */
has_names?: boolean, 
/**
 * What is made instead when there is no capacity; without it the recording waits.
 */
fallback?: RecordingFallback, };

/**
 * Why a target gets no stream.
 */
export type StreamFailure = "unreachable" | "key_refused" | "certificate_invalid" | "connection_lost";

/**
 * A service whose address need not be entered.
 */
export type StreamPreset = "youtube";

/**
 * How a stream to one target is.
 */
export type StreamState = "connecting" | "live" | "reconnecting" | "refused" | "ended";

/**
 * A target that the app has stored, as moderators who may stream see it: by its name, never where
 * it leads.
 */
export type StreamTargetName = { 
/**
 * Names it in `start_recording` and `set_stream_targets`.
 */
id: string, 
/**
 * How the people of the app call it.
 */
name: string, };

/**
 * Which way a track goes, seen from the client.
 */
export type TrackDirection = "sent" | "received";

/**
 * One track that a client sends or receives. What was not measured is absent.
 */
export type TrackQuality = { 
/**
 * Which way it goes, seen from the client.
 */
direction: TrackDirection, 
/**
 * Sound or picture.
 */
kind: MediaKind, 
/**
 * Which source.
 */
source?: SourceKind, 
/**
 * Whose, of a received track.
 */
participant_id?: ParticipantId, 
/**
 * MIME type, for example `video/VP8`.
 */
codec?: string, 
/**
 * Bits per second.
 */
bitrate_bps?: number, 
/**
 * Share of packets lost, 0 to 1.
 */
packet_loss_ratio?: number, 
/**
 * Variation of arrival times, milliseconds.
 */
jitter_ms?: number, 
/**
 * Height of the picture, pixels; of several encodings the largest.
 */
frame_height?: number, 
/**
 * Frames per second.
 */
frames_per_second?: number, 
/**
 * Freezes in the interval.
 */
freeze_count?: number, 
/**
 * Share of sound that was made up for what did not arrive, 0 to 1.
 */
concealed_ratio?: number, };

/**
 * A target of a stream as somebody asks for it: one that is known, by its `id` alone, or a new one
 * with a key and with a preset or an address.
 */
export type WantedTarget = { 
/**
 * One that the stream has already, or that the app has stored.
 */
id?: string, 
/**
 * How people call it; the preset's name or the host of its address when it is left out.
 */
name?: string, 
/**
 * A service whose address is known.
 */
preset?: StreamPreset, 
/**
 * `rtmp://` or `rtmps://` with the application, without the key.
 */
url?: string, 
/**
 * The stream key. It is never shown again.
 */
key?: string, 
/**
 * Where viewers see the stream; everybody in the call is shown it.
 */
viewer_url?: string, };

/** The WebSocket subprotocol of this version. */
export const SUBPROTOCOL = 'jumpa.v1';

/** The label of the one data channel. */
export const FAST_LABEL = 'jumpa';

/** Every reason for a refusal. */
export const ERROR_CODES = [
  'bad_message',
  'not_allowed_now',
  'invalid_value',
  'message_too_big',
  'too_many_messages',
  'app_unknown',
  'app_disabled',
  'tenant_suspended',
  'origin_refused',
  'user_banned',
  'minutes_used_up',
  'too_many_calls',
  'trial_full',
  'server_draining',
  'token_required',
  'token_malformed',
  'token_key_unknown',
  'token_algorithm',
  'token_signature',
  'token_expired',
  'token_not_yet_valid',
  'token_lifetime',
  'token_wrong_room',
  'token_wrong_app',
  'token_replayed',
  'password_required',
  'password_wrong',
  'room_full',
  'lobby_full',
  'lobby_denied',
  'banned',
  'call_ended',
  'resume_unknown',
  'not_moderator',
  'not_granted',
  'participant_unknown',
  'recording_unknown',
  'stream_target_unknown',
  'offer_invalid',
  'media_unavailable',
  'recorder_unavailable',
  'server_closing',
  'internal',
] as const satisfies readonly ErrorCode[];

/**
 * Every kind of source, in the order of the sending m-lines. The number of a source (the
 * CSRC of its packets) is `participant.number * 4 + SOURCE_KINDS.indexOf(kind)`.
 */
export const SOURCE_KINDS = [
  'microphone',
  'camera',
  'screen',
  'screen_audio',
] as const satisfies readonly SourceKind[];

/** Every layer of a camera, from small to large. */
export const LAYERS = [
  'q',
  'h',
  'f',
] as const satisfies readonly Layer[];

/** Every reaction. */
export const REACTIONS = [
  'thumbs_up',
  'clap',
  'heart',
  'laugh',
  'surprised',
  'party',
] as const satisfies readonly Reaction[];

/** Bounds of the protocol; `…_MS` are milliseconds, `…_CHARS` are Unicode scalar values. */
export const LIMITS = {
  MAX_MESSAGE_BYTES: 65536,
  MAX_OFFER_MESSAGE_BYTES: 524288,
  MAX_MESSAGES_PER_SECOND: 30,
  MAX_APP_ID_LEN: 64,
  MAX_ROOM_NAME_LEN: 100,
  MAX_NAME_CHARS: 80,
  MAX_CHAT_CHARS: 4000,
  MAX_CHAT_HISTORY: 500,
  MAX_PASSWORD_CHARS: 64,
  MAX_TOKEN_BYTES: 8192,
  DEFAULT_AUDIO_SLOTS: 5,
  MAX_AUDIO_SLOTS: 20,
  MAX_VIDEO_SLOTS: 49,
  RESUME_WINDOW_MS: 30000,
  PING_INTERVAL_MS: 5000,
  SILENCE_TIMEOUT_MS: 15000,
  MAX_REPLAY_EVENTS: 512,
} as const;

/** Steps in which a client grows its video slots. */
export const VIDEO_SLOT_STEPS = [4, 9, 16, 25, 49] as const;

/** WebSocket close codes. */
export const CLOSE_CODES = {
  ENDED: 4000,
  NO_JOIN: 4001,
  REPLACED: 4002,
  REFUSED: 4003,
  SLOW: 4004,
  SILENT: 4005,
  FLOOD: 4008,
  NOT_TEXT: 1003,
  TOO_BIG: 1009,
  RESTART: 1012,
} as const;
