import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api } from './api';
import type { AppPlace } from './streamTargets';
import { tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** Where recordings of an app lie. */
export type RecordingStorage = Schemas['RecordingStorage'];
/** What shall be stored: a bucket, and how files are encrypted there. */
export interface StorageChange {
  readonly s3: Schemas['UpdateS3Storage'];
  readonly encryption: Encryption;
}
/** How files are kept from others who can read where they lie. */
export type Encryption = NonNullable<RecordingStorage['encryption']>;

export const ENCRYPTIONS: readonly Encryption[] = ['none', 'sse', 'envelope'];

const params = ({ tenant, app }: AppPlace) => ({
  header: tenantHeader(tenant),
  path: { app_id: app },
});

export const recordingStorageQuery = (place: AppPlace) =>
  queryOptions({
    queryKey: ['tenant', place.tenant, 'app', place.app, 'recording_storage'],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/apps/{app_id}/recording_storage', { params: params(place), signal })),
  });

/** Saves a bucket; the server puts a small file there, reads it and deletes it before. */
export async function saveRecordingStorage(place: AppPlace, change: StorageChange): Promise<void> {
  // The description of the encryption makes a type of it that nothing fits.
  const body = change as unknown as Schemas['UpdateRecordingStorage'];
  await answer(api.PUT('/v1/apps/{app_id}/recording_storage', { params: params(place), body }));
}

/** Lets the app use the storage of the platform again. */
export async function removeRecordingStorage(place: AppPlace): Promise<void> {
  await api.DELETE('/v1/apps/{app_id}/recording_storage', { params: params(place) });
}

/** Tries what is saved; gives how long that took, milliseconds. */
export async function testRecordingStorage(place: AppPlace): Promise<number> {
  const test = api.POST('/v1/apps/{app_id}/recording_storage/test', { params: params(place) });
  return (await answer(test)).duration_ms;
}
