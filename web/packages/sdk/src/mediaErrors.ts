import { MediaError, type MediaErrorCode } from './errors.js';

/** What is known besides the error itself. */
export interface MediaErrorContext {
  /** What was asked for. */
  readonly kind: 'microphone' | 'camera' | 'screen' | 'speaker';
  /** Whether the page was served over HTTPS. */
  readonly isSecureContext: boolean;
  /** What the browser remembers of the person's choice; absent where it cannot be asked. */
  readonly permission?: PermissionState;
}

/** The `MediaError` for whatever a browser throws when a device or screen is asked for. */
export function mediaError(error: unknown, context: MediaErrorContext): MediaError {
  if (error instanceof MediaError) return error;
  const code = mediaErrorCode(error, context);
  return new MediaError(code, `${context.kind}: ${describe(error)}`, { cause: error });
}

function mediaErrorCode(error: unknown, context: MediaErrorContext): MediaErrorCode {
  switch (errorName(error)) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
      return refusal(error, context);
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return 'device_missing';
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'device_busy';
    case 'SecurityError':
      return context.isSecureContext ? 'permission_denied' : 'insecure_context';
    case 'NotSupportedError':
    case 'TypeError':
      return context.isSecureContext ? 'unsupported' : 'insecure_context';
    default:
      return 'unknown';
  }
}

/**
 * Browsers use one error for "never" and "not now". The remembered permission tells them apart;
 * without it Chromium's wording does. Closing the picker of screens is always "not now", unless the
 * system forbids it.
 */
function refusal(error: unknown, context: MediaErrorContext): MediaErrorCode {
  const words = describe(error).toLowerCase();
  if (context.kind === 'screen') {
    return words.includes('system') || words.includes('policy')
      ? 'permission_denied'
      : 'permission_dismissed';
  }
  if (words.includes('dismissed')) return 'permission_dismissed';
  return context.permission === 'prompt' ? 'permission_dismissed' : 'permission_denied';
}

function errorName(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : '';
}

function describe(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.message : String(error);
}
