import { ApiProblem, answer, type components } from '@jumpa/api-client';
import { api, PAGE_ROWS, type Page } from './api';
import { given } from './given';
import type { RoomPlace } from './rooms';
import { tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** How the next call of a room begins. Its password is never shown. */
export type PreparedRoom = Schemas['PreparedRoom'];
export type Preparation = Schemas['PrepareRoom'];

/** Which prepared rooms are looked for. */
export interface PreparedFilter {
  readonly app_id: string | undefined;
  /** A part of the name. */
  readonly search: string | undefined;
}

/** How often they are asked for again, milliseconds: a room goes when its call begins. */
export const PREPARED_MS = 15_000;

const params = ({ tenant, app, room }: RoomPlace) => ({
  header: tenantHeader(tenant),
  path: { app_id: app, room },
});

export const preparedKey = (tenant: string) => ['tenant', tenant, 'prepared_rooms'];

export async function listPreparedRooms(
  tenant: string,
  filter: PreparedFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<PreparedRoom>> {
  const query = given({ ...filter, limit: PAGE_ROWS, cursor });
  return answer(
    api.GET('/v1/prepared_rooms', { params: { header: tenantHeader(tenant), query }, signal }),
  );
}

/** Whether something is prepared for the room already. */
export async function isPrepared(place: RoomPlace): Promise<boolean> {
  try {
    const path = '/v1/apps/{app_id}/prepared_rooms/{room}';
    await answer(api.GET(path, { params: params(place) }));
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'room_not_prepared') return false;
    throw error;
  }
}

/** Takes the place of all that was prepared for the room before. */
export async function prepareRoom(place: RoomPlace, body: Preparation): Promise<void> {
  await answer(api.PUT('/v1/apps/{app_id}/rooms/{room}', { params: params(place), body }));
}

export async function deletePreparedRoom(place: RoomPlace): Promise<void> {
  await api.DELETE('/v1/apps/{app_id}/prepared_rooms/{room}', { params: params(place) });
}
