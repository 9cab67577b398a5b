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

/** A place where recordings lie, and what can be done about it. */
export interface StoragePlace {
  readonly query: ReturnType<typeof storageQuery>;
  /** Saves a bucket; the server puts a small file there, reads it and deletes it before. */
  readonly save: (change: StorageChange) => Promise<void>;
  /** Takes the choice back. */
  readonly remove: () => Promise<void>;
  /** Tries what is saved; gives how long that took, milliseconds. */
  readonly test: () => Promise<number>;
}

const storageQuery = (
  queryKey: readonly string[],
  queryFn: (signal: AbortSignal) => Promise<RecordingStorage>,
) => queryOptions({ queryKey, queryFn: ({ signal }) => queryFn(signal) });

/** Where recordings of an app lie; without a choice of its own with the platform. */
export function appStorage({ tenant, app }: AppPlace): StoragePlace {
  const params = { header: tenantHeader(tenant), path: { app_id: app } };
  const path = '/v1/apps/{app_id}/recording_storage';
  return {
    query: storageQuery(['tenant', tenant, 'app', app, 'recording_storage'], (signal) =>
      answer(api.GET(path, { params, signal })),
    ),
    save: async (change) => {
      await answer(api.PUT(path, { params, body: change }));
    },
    remove: async () => {
      await api.DELETE(path, { params });
    },
    test: async () => (await answer(api.POST(`${path}/test`, { params }))).duration_ms,
  };
}

/** Where recordings of all apps lie that chose nothing; without a choice in the server's folder. */
export const platformStorage: StoragePlace = {
  query: storageQuery(['operator', 'recording_storage'], (signal) =>
    answer(api.GET('/v1/operator/recording_storage', { signal })),
  ),
  save: async (change) => {
    await answer(api.PUT('/v1/operator/recording_storage', { body: change }));
  },
  remove: async () => {
    await api.DELETE('/v1/operator/recording_storage');
  },
  test: async () => (await answer(api.POST('/v1/operator/recording_storage/test'))).duration_ms,
};
