import type { MediaErrorCode } from '@jumpa/sdk';
import type { ParseKeys } from 'i18next';

/** Browsers whose way to give permission differs. */
export type BrowserFamily = 'chrome' | 'firefox' | 'safari' | 'ios' | 'android' | 'other';

/** Which browser a user agent names, as far as the help texts need it. */
export function browserFamily(userAgent: string): BrowserFamily {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'ios';
  if (/Android/.test(userAgent)) return 'android';
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrome\/|Chromium\/|Edg\//.test(userAgent)) return 'chrome';
  if (/Safari\//.test(userAgent)) return 'safari';
  return 'other';
}

/** What did not start; `both`: camera and microphone, for one and the same cause. */
export type FailedSource = 'microphone' | 'camera' | 'both' | 'screen';

/** The texts that say why a source did not start, and what to do in this browser. */
export function mediaHelpKeys(
  error: MediaErrorCode,
  source: FailedSource,
  userAgent: string,
): { readonly title: ParseKeys<'call'>; readonly help: ParseKeys<'call'> } {
  return { title: `media.title.${error}_${source}`, help: helpKey(error, source, userAgent) };
}

function helpKey(
  error: MediaErrorCode,
  source: FailedSource,
  userAgent: string,
): ParseKeys<'call'> {
  const isScreen = source === 'screen';
  switch (error) {
    case 'permission_denied':
      return isScreen
        ? 'media.help.permission_denied_screen'
        : `media.help.permission_denied_${browserFamily(userAgent)}`;
    case 'permission_dismissed':
      return isScreen
        ? 'media.help.permission_dismissed_screen'
        : 'media.help.permission_dismissed';
    case 'unsupported':
      return isScreen ? 'media.help.unsupported_screen' : 'media.help.unsupported';
    case 'device_missing':
    case 'device_busy':
    case 'insecure_context':
    case 'not_granted':
    case 'unknown':
      return `media.help.${error}`;
    default:
      return error satisfies never;
  }
}
