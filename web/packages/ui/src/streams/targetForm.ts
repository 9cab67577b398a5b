/** What is entered about a place to which a call is streamed. */
export interface TargetForm {
  /** Tells the forms of a list apart. */
  readonly number: number;
  /** `youtube`, `other` for an address of its own, or the id of a target that is stored. */
  readonly service: string;
  readonly url: string;
  readonly key: string;
  readonly viewerUrl: string;
}

/** A target that the app has stored; its key is known to the server alone. */
export interface StoredTarget {
  readonly id: string;
  readonly name: string;
}

/** A target as it is asked for. */
export type EnteredTarget =
  | { readonly id: string }
  | {
      readonly preset?: 'youtube';
      readonly url?: string;
      readonly key: string;
      readonly viewerUrl?: string;
    };

/** What is wrong with a field. */
export type TargetProblem = 'url_wrong' | 'key_missing' | 'key_wrong' | 'viewer_wrong';

/** Most places of one stream; the server takes no more. */
export const MAX_TARGETS = 8;
export const MAX_STREAM_URL = 1_024;
export const MAX_STREAM_KEY = 512;
export const MAX_VIEWER_URL = 2_048;

/** A form in which nothing is entered; the first stored target is what people mean most often. */
export function emptyTarget(number: number, stored: readonly StoredTarget[]): TargetForm {
  return { number, service: stored[0]?.id ?? 'youtube', url: '', key: '', viewerUrl: '' };
}

export function isStored({ service }: TargetForm): boolean {
  return service !== 'youtube' && service !== 'other';
}

/** What has to be set right before the target can be asked for, by field. */
export function problemsOf(form: TargetForm): {
  readonly url?: TargetProblem;
  readonly key?: TargetProblem;
  readonly viewerUrl?: TargetProblem;
} {
  if (isStored(form)) return {};
  const key = form.key.trim();
  const viewerUrl = form.viewerUrl.trim();
  return {
    ...(form.service === 'other' && !isStreamAddress(form.url.trim()) && { url: 'url_wrong' }),
    ...(key === '' && { key: 'key_missing' }),
    ...(/\s/.test(key) && { key: 'key_wrong' }),
    ...(viewerUrl !== '' && !isWebAddress(viewerUrl) && { viewerUrl: 'viewer_wrong' }),
  };
}

/** The target as it is asked for; the form must be free of problems. */
export function enteredTarget(form: TargetForm): EnteredTarget {
  if (isStored(form)) return { id: form.service };
  const viewerUrl = form.viewerUrl.trim();
  return {
    ...(form.service === 'youtube' ? { preset: 'youtube' } : { url: form.url.trim() }),
    key: form.key.trim(),
    ...(viewerUrl !== '' && { viewerUrl }),
  };
}

/** `rtmp://` or `rtmps://`, a host, and the application behind it. */
function isStreamAddress(text: string): boolean {
  return /^rtmps?:\/\/[^\s/@?#]+\/[^\s?#@]*[^\s/?#@]\/?$/i.test(text);
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/@"'<>]+(?:[/?#][^\s"'<>]*)?$/i.test(text);
}
