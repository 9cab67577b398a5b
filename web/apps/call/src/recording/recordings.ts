import type { RecordingView, StreamView } from '@jumpa/sdk';

/** The recordings that keep what people say now. */
export function activeRecordings(recordings: readonly RecordingView[]): readonly RecordingView[] {
  return recordings.filter(({ state }) => state === 'active');
}

/** Whether a recording was asked for that has not begun. */
export function isPending({ state }: RecordingView): boolean {
  return state === 'queued' || state === 'starting';
}

/** Whether it must go on: the only one in a room where calls are always recorded. */
export function isNeeded(recording: RecordingView, recordings: readonly RecordingView[]): boolean {
  const others = recordings.filter(({ id }) => id !== recording.id);
  return recording.isRequired && activeRecordings(others).length === 0;
}

/** Whether the call is shown outside of it. */
export function isStream({ kind }: RecordingView): boolean {
  return kind === 'stream';
}

/** The targets of all streams that were not taken out. */
export function openStreams(recordings: readonly RecordingView[]): readonly StreamView[] {
  return recordings.flatMap(({ streams }) => streams.filter(({ state }) => state !== 'ended'));
}
