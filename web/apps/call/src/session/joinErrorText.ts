import type { JoinErrorCode } from '@jumpa/sdk';
import type { ParseKeys } from 'i18next';

/**
 * What a refusal leaves to do: `again`: join once more; `final`: nothing on this page, the link or the
 * access is wrong; `password`: type it; `unexpected`: a fault that has no words of its own.
 */
type Remedy = 'again' | 'final' | 'password' | 'unexpected';

/** Every code of the SDK, which has those of the protocol: a new one does not compile without a place here. */
const REMEDIES = {
  app_unknown: 'final',
  app_disabled: 'final',
  tenant_suspended: 'final',
  origin_refused: 'final',
  user_banned: 'final',
  minutes_used_up: 'final',
  too_many_calls: 'again',
  trial_full: 'again',
  server_draining: 'again',
  recorder_unavailable: 'again',
  token_required: 'final',
  token_malformed: 'final',
  token_key_unknown: 'final',
  token_algorithm: 'final',
  token_signature: 'final',
  token_expired: 'final',
  token_not_yet_valid: 'again',
  token_lifetime: 'final',
  token_wrong_room: 'final',
  token_wrong_app: 'final',
  token_replayed: 'final',
  password_required: 'password',
  password_wrong: 'password',
  room_full: 'again',
  lobby_full: 'again',
  lobby_denied: 'again',
  banned: 'final',
  call_ended: 'again',
  media_unavailable: 'again',
  server_closing: 'again',
  server_unreachable: 'again',
  browser_unsupported: 'final',
  internal: 'again',
  // Answers to other requests than joining, or faults of a client.
  aborted: 'unexpected',
  already_joined: 'unexpected',
  bad_message: 'unexpected',
  invalid_value: 'unexpected',
  message_too_big: 'unexpected',
  not_allowed_now: 'unexpected',
  not_granted: 'unexpected',
  not_moderator: 'unexpected',
  offer_invalid: 'unexpected',
  participant_unknown: 'unexpected',
  recording_unknown: 'unexpected',
  stream_target_unknown: 'unexpected',
  resume_unknown: 'unexpected',
  too_many_messages: 'unexpected',
} as const satisfies Record<JoinErrorCode, Remedy>;

/** The codes with words of their own; a missing text does not compile below. */
type Explained = {
  [Code in JoinErrorCode]: (typeof REMEDIES)[Code] extends 'unexpected' ? never : Code;
}[JoinErrorCode];

/** How a refusal is told. */
export interface JoinErrorText {
  readonly title: ParseKeys<'call'>;
  readonly help: ParseKeys<'call'>;
  /** The code itself is shown, for those who run the service. */
  readonly isCodeShown: boolean;
  /** Whether the join button makes sense still. */
  readonly isFinal: boolean;
  /** Whether a password is asked for. */
  readonly needsPassword: boolean;
}

/** The words for a code; codes of a newer server get general ones. */
export function joinErrorText(code: JoinErrorCode): JoinErrorText {
  const known = isExplained(code) ? code : 'other';
  const remedy = isExplained(code) ? REMEDIES[code] : 'unexpected';
  return {
    title: `join_error.title.${known}`,
    help: `join_error.help.${known}`,
    isCodeShown: known === 'other' || known === 'internal',
    isFinal: remedy === 'final',
    needsPassword: remedy === 'password',
  };
}

function isExplained(code: JoinErrorCode): code is Explained {
  return Object.hasOwn(REMEDIES, code) && REMEDIES[code] !== 'unexpected';
}
