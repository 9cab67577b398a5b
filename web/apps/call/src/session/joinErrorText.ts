import type { JoinErrorCode } from '@jumpa/sdk';
import type { ParseKeys } from 'i18next';
import type call from '../../locales/en/call.json';

type Explained = Exclude<keyof (typeof call)['join_error']['help'], 'other'>;

const EXPLAINED: ReadonlySet<string> = new Set<Explained>([
  'app_unknown',
  'app_disabled',
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
  'media_unavailable',
  'server_closing',
  'server_unreachable',
  'browser_unsupported',
  'internal',
]);

/** Errors that joining again cannot change: the link or the access is wrong. */
const FINAL: ReadonlySet<string> = new Set<Explained>([
  'app_unknown',
  'app_disabled',
  'token_required',
  'token_malformed',
  'token_key_unknown',
  'token_algorithm',
  'token_signature',
  'token_expired',
  'token_lifetime',
  'token_wrong_room',
  'token_wrong_app',
  'token_replayed',
  'banned',
  'browser_unsupported',
]);

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
  const known = EXPLAINED.has(code) ? (code as Explained) : 'other';
  return {
    title: `join_error.title.${known}`,
    help: `join_error.help.${known}`,
    isCodeShown: known === 'other' || known === 'internal',
    isFinal: FINAL.has(code),
    needsPassword: code === 'password_required' || code === 'password_wrong',
  };
}
