import type { VideoQuality } from '@jumpa/sdk';

/** What this browser remembers between calls. */
export interface Preferences {
  readonly name: string;
  readonly isMicrophoneWanted: boolean;
  readonly isCameraWanted: boolean;
  readonly microphoneId: string | null;
  readonly cameraId: string | null;
  readonly speakerId: string | null;
  readonly quality: VideoQuality;
}

const STORAGE_KEY = 'jumpa.preferences';

const DEFAULTS: Preferences = {
  name: '',
  isMicrophoneWanted: true,
  isCameraWanted: true,
  microphoneId: null,
  cameraId: null,
  speakerId: null,
  quality: 'auto',
};

/** Reads what was stored; anything unreadable counts as not stored. */
export function parsePreferences(text: string | null): Preferences {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '{}');
  } catch {
    return DEFAULTS;
  }
  if (typeof stored !== 'object' || stored === null) return DEFAULTS;
  const fields = stored as Record<string, unknown>;
  const quality = fields.quality;
  return {
    name: typeof fields.name === 'string' ? fields.name.slice(0, 80) : '',
    isMicrophoneWanted: fields.isMicrophoneWanted !== false,
    isCameraWanted: fields.isCameraWanted !== false,
    microphoneId: textOrNull(fields.microphoneId),
    cameraId: textOrNull(fields.cameraId),
    speakerId: textOrNull(fields.speakerId),
    quality: quality === 'low' || quality === 'audio_only' ? quality : 'auto',
  };
}

export function loadPreferences(): Preferences {
  try {
    return parsePreferences(localStorage.getItem(STORAGE_KEY));
  } catch {
    return DEFAULTS;
  }
}

/** Remembers `changes`; what is not named stays. */
export function savePreferences(changes: Partial<Preferences>): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify({ ...loadPreferences(), ...changes }));
  } catch {
    // Storage may be closed to us (private window): the choice then lasts as long as the page.
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
