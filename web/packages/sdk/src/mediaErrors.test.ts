import { describe, expect, it } from 'vitest';
import { type MediaErrorContext, mediaError } from './mediaErrors.js';

const CAMERA: MediaErrorContext = { kind: 'camera', isSecureContext: true };

function codeOf(name: string, message = '', context: Partial<MediaErrorContext> = {}): string {
  return mediaError(new DOMException(message, name), { ...CAMERA, ...context }).code;
}

describe('mediaError', () => {
  it('tells a refusal from a question that was closed', () => {
    expect(codeOf('NotAllowedError', 'Permission denied')).toBe('permission_denied');
    expect(codeOf('NotAllowedError', 'Permission dismissed')).toBe('permission_dismissed');
    expect(codeOf('NotAllowedError', '', { permission: 'prompt' })).toBe('permission_dismissed');
    expect(codeOf('NotAllowedError', '', { permission: 'denied' })).toBe('permission_denied');
  });

  it('takes a closed picker of screens for "not now"', () => {
    expect(codeOf('NotAllowedError', 'Permission denied', { kind: 'screen' })).toBe(
      'permission_dismissed',
    );
    expect(codeOf('NotAllowedError', 'Permission denied by system', { kind: 'screen' })).toBe(
      'permission_denied',
    );
  });

  it.each([
    ['NotFoundError', 'device_missing'],
    ['OverconstrainedError', 'device_missing'],
    ['NotReadableError', 'device_busy'],
    ['AbortError', 'device_busy'],
    ['SecurityError', 'permission_denied'],
    ['NotSupportedError', 'unsupported'],
    ['DataError', 'unknown'],
  ])('maps %s to %s', (name, code) => {
    expect(codeOf(name)).toBe(code);
  });

  it('blames the missing HTTPS where it is the reason', () => {
    expect(codeOf('SecurityError', '', { isSecureContext: false })).toBe('insecure_context');
  });

  it('keeps the error of the browser as its cause', () => {
    const cause = new DOMException('in use', 'NotReadableError');
    expect(mediaError(cause, CAMERA).cause).toBe(cause);
  });
});
