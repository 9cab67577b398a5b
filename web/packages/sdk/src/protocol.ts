/**
 * Words of the protocol that the SDK's own face uses.
 */

/** What a participant sends. */
export type SourceKind = 'microphone' | 'camera' | 'screen' | 'screen_audio';

/** How good a connection is. */
export type QualityLevel = 'unknown' | 'good' | 'fair' | 'poor' | 'lost';

/** Why a connection is not good. */
export type QualityCause =
  | 'uplink_loss'
  | 'downlink_loss'
  | 'downlink_bandwidth'
  | 'high_round_trip_time'
  | 'no_packets';

/** Why somebody is no longer in the call. */
export type LeaveReason =
  | 'left'
  | 'connection_lost'
  | 'removed'
  | 'call_ended'
  | 'server_closing'
  | 'access_revoked';

/** Reactions that people can show. */
export type Reaction = 'thumbs_up' | 'clap' | 'heart' | 'laugh' | 'surprised' | 'party';

/** What a participant may do. */
export type Role = 'moderator' | 'participant';

/** Whether a source sends. */
export type SourceState = 'live' | 'muted' | 'off';

/** Whether somebody's connection is up. */
export type ConnectionState = 'connecting' | 'connected' | 'reconnecting';

/** Why the server refused a request. Codes are stable: apps may branch on them. */
export type ErrorCode =
  | 'bad_message'
  | 'not_allowed_now'
  | 'invalid_value'
  | 'message_too_big'
  | 'too_many_messages'
  | 'app_unknown'
  | 'app_disabled'
  | 'token_required'
  | 'token_malformed'
  | 'token_key_unknown'
  | 'token_algorithm'
  | 'token_signature'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'token_lifetime'
  | 'token_wrong_room'
  | 'token_wrong_app'
  | 'token_replayed'
  | 'password_required'
  | 'password_wrong'
  | 'room_full'
  | 'lobby_full'
  | 'lobby_denied'
  | 'banned'
  | 'call_ended'
  | 'resume_unknown'
  | 'not_moderator'
  | 'not_granted'
  | 'participant_unknown'
  | 'offer_invalid'
  | 'media_unavailable'
  | 'server_closing'
  | 'internal';
