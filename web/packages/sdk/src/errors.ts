import type { ErrorCode } from './protocol.js';

/** Why joining failed. Codes are stable: apps may branch on them and translate them. */
export type JoinErrorCode =
  /** The server refused; see the codes of the protocol. */
  | ErrorCode
  /** The server could not be reached. */
  | 'server_unreachable'
  /** The caller's `AbortSignal` fired, or `leave` was called before the answer. */
  | 'aborted'
  /** The browser lacks WebRTC or WebSocket. */
  | 'browser_unsupported'
  /** `join` was called on a room that is in a call or on its way into one. */
  | 'already_joined';

/**
 * Joining failed.
 *
 * @example
 * ```ts
 * try {
 *   await room.join({ appId: 'klinik-sehat-k3x9q', room: 'ruang-1', name: 'Ibu Sari' });
 * } catch (error) {
 *   if (error instanceof JoinError && error.code === 'password_required') askForPassword();
 * }
 * ```
 */
export class JoinError extends Error {
  /** The name of the class, as errors have it. */
  override readonly name = 'JoinError';
  /** The stable reason. */
  readonly code: JoinErrorCode;

  constructor(code: JoinErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Why a request inside a call failed. */
export type RequestErrorCode =
  | ErrorCode
  /** The connection to the server was lost and did not come back in time. */
  | 'disconnected'
  /** The room is not joined. */
  | 'not_joined';

/**
 * A request inside a call was refused or could not be sent.
 *
 * @example
 * ```ts
 * room.moderation.endCall().catch((error: unknown) => {
 *   if (error instanceof RequestError && error.code === 'not_moderator') explain();
 * });
 * ```
 */
export class RequestError extends Error {
  /** The name of the class, as errors have it. */
  override readonly name = 'RequestError';
  /** The stable reason. */
  readonly code: RequestErrorCode;

  constructor(code: RequestErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Why a microphone, camera or screen could not be used. */
export type MediaErrorCode =
  /** The person or a policy refused; the browser's site settings must be changed. */
  | 'permission_denied'
  /** The question was closed without an answer; asking again is possible. */
  | 'permission_dismissed'
  /** There is no such device. */
  | 'device_missing'
  /** Another program uses the device. */
  | 'device_busy'
  /** The page is not served over HTTPS. */
  | 'insecure_context'
  /** The browser cannot do this, for example screen sharing on a phone. */
  | 'unsupported'
  /** The access token does not include sending this. */
  | 'not_granted'
  /** Anything else; `cause` has the browser's error. */
  | 'unknown';

/**
 * A microphone, camera or screen could not be used.
 *
 * @example
 * ```ts
 * room.local.setCamera(true).catch((error: unknown) => {
 *   if (error instanceof MediaError && error.code === 'device_busy') tellThatCameraIsBusy();
 * });
 * ```
 */
export class MediaError extends Error {
  /** The name of the class, as errors have it. */
  override readonly name = 'MediaError';
  /** The stable reason. */
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
