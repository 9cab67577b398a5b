import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** A place for streams that an app has stored; its key is shown to nobody. */
export type StoredTarget = Schemas['StoredStreamTarget'];
export type CreateTarget = Schemas['CreateStreamTarget'];
/** A place of one stream, and how it goes there. */
export type RecordingTarget = Schemas['RecordingTarget'];

/** An app of a tenant. */
export interface AppPlace {
  readonly tenant: string;
  readonly app: string;
}

/** More than an app can store. */
const EVERY_TARGET = 100;

const params = ({ tenant, app }: AppPlace) => ({
  header: tenantHeader(tenant),
  path: { app_id: app },
});

export const streamTargetsKey = ({ tenant, app }: AppPlace) => [
  'tenant',
  tenant,
  'app',
  app,
  'stream_targets',
];

export const streamTargetsQuery = (place: AppPlace) =>
  queryOptions({
    queryKey: streamTargetsKey(place),
    queryFn: async ({ signal }) => {
      const query = { limit: EVERY_TARGET };
      const of = { ...params(place), query };
      return (await answer(api.GET('/v1/apps/{app_id}/stream_targets', { params: of, signal })))
        .data;
    },
  });

export async function createStreamTarget(place: AppPlace, body: CreateTarget): Promise<void> {
  await answer(api.POST('/v1/apps/{app_id}/stream_targets', { params: params(place), body }));
}

export async function deleteStreamTarget(place: AppPlace, target_id: string): Promise<void> {
  const of = { ...params(place), path: { app_id: place.app, target_id } };
  await api.DELETE('/v1/apps/{app_id}/stream_targets/{target_id}', { params: of });
}
