import type { RecordingView } from '@jumpa/sdk';

/** What moderators can record: the tracks of everybody. Recorders do no other kind yet. */
export const RECORDED_KIND = 'tracks' satisfies RecordingView['kind'];

/** The recordings that keep what people say now. */
export function activeRecordings(recordings: readonly RecordingView[]): readonly RecordingView[] {
  return recordings.filter(({ state }) => state === 'active');
}

/** Whether a recording was asked for that has not begun. */
export function isPending({ state }: RecordingView): boolean {
  return state === 'queued' || state === 'starting';
}
