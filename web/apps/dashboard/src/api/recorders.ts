import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { LIVE_INTERVAL_MS } from './platform';

export type RecordingFleet = components['schemas']['RecordingFleet'];
export type Recorder = components['schemas']['Recorder'];
export type WaitingRecording = components['schemas']['WaitingRecording'];
export type AppRecordingSlots = components['schemas']['AppRecordingSlots'];
export type UpdateRecordingSlots = components['schemas']['UpdateRecordingSlots'];

/** Every recorder with what it is at, what waits for one, and what apps may use of them. */
export const fleetQuery = queryOptions({
  queryKey: ['operator', 'recorders'],
  queryFn: async ({ signal }) => answer(api.GET('/v1/operator/recorders', { signal })),
  refetchInterval: LIVE_INTERVAL_MS,
});

/** A draining recorder gets no more recordings; undraining takes that back. */
export async function drainRecorder(recorder_id: string, isDraining: boolean): Promise<Recorder> {
  const init = { params: { path: { recorder_id } } };
  return isDraining
    ? answer(api.POST('/v1/operator/recorders/{recorder_id}/drain', init))
    : answer(api.POST('/v1/operator/recorders/{recorder_id}/undrain', init));
}

export async function setRecordingSlots(
  app_id: string,
  body: UpdateRecordingSlots,
): Promise<AppRecordingSlots> {
  const params = { path: { app_id } };
  return answer(api.PUT('/v1/operator/apps/{app_id}/recording_slots', { params, body }));
}
