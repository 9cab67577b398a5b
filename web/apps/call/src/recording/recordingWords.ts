import {
  type RecordingFailure,
  RequestError,
  type RequestErrorCode,
  type StreamFailure,
} from '@jumpa/sdk';
import type { Toast } from '../toasts/toastQueue';

/** How each failure is told: what somebody did on purpose is no alarm. */
const FAILURE_TONES = {
  call_ended: 'info',
  nothing_recorded: 'attention',
  cancelled: 'info',
  call_refused: 'danger',
  no_capacity: 'danger',
  target_refused: 'danger',
  recorder_lost: 'danger',
  disk_full: 'danger',
  storage_refused: 'danger',
  storage_unreachable: 'danger',
  internal: 'danger',
} as const satisfies Record<RecordingFailure, Toast['tone']>;

/** How a failure is told; one that a newer server invented counts as a fault of the recorder. */
export function failureWords(failure: RecordingFailure): {
  readonly key: `recording.failure.${RecordingFailure}`;
  readonly tone: Toast['tone'];
} {
  const known = failure in FAILURE_TONES ? failure : 'internal';
  return { key: `recording.failure.${known}`, tone: FAILURE_TONES[known] };
}

/** Refusals that have words of their own. */
const REFUSALS = [
  'not_moderator',
  'not_granted',
  'recording_unknown',
  'stream_target_unknown',
  'disconnected',
] as const satisfies readonly RequestErrorCode[];

/** The text that says why the server did not take a request. */
export function refusalKey(
  error: unknown,
): `recording.refused.${(typeof REFUSALS)[number] | 'other'}` {
  const code = error instanceof RequestError ? error.code : null;
  return `recording.refused.${REFUSALS.find((known) => known === code) ?? 'other'}`;
}

/** Whether somebody was refused for who they are: trying again changes nothing. */
export function isNotAllowed(error: unknown): boolean {
  return error instanceof RequestError && ['not_moderator', 'not_granted'].includes(error.code);
}

const STREAM_FAILURES = [
  'unreachable',
  'key_refused',
  'certificate_invalid',
  'connection_lost',
] as const satisfies readonly StreamFailure[];

/** Why a place gets no stream; what a newer server invented counts as a lost connection. */
export function streamFailureKey(
  failure: StreamFailure,
): `recording.stream_failure.${StreamFailure}` {
  const known = STREAM_FAILURES.find((one) => one === failure) ?? 'connection_lost';
  return `recording.stream_failure.${known}`;
}
