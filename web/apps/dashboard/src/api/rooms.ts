import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api, PAGE_ROWS, type Page } from './api';
import { given } from './given';
import { tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** A running call. */
export type LiveRoom = Schemas['LiveRoom'];
/** Somebody in a running call or in its lobby. */
export type LiveParticipant = Schemas['LiveParticipant'];
/** What can be closed from outside. */
export type MutedSource = Schemas['MuteParticipant']['source'];

/** A room of a tenant. */
export interface RoomPlace {
  readonly tenant: string;
  readonly app: string;
  readonly room: string;
}

/** How often live rooms are asked for again, milliseconds: people see themselves join. */
export const ROOMS_MS = 5_000;

const roomParams = ({ tenant, app, room }: RoomPlace) => ({
  header: tenantHeader(tenant),
  path: { app_id: app, room },
});
const participantParams = (place: RoomPlace, participant_id: string) => ({
  header: tenantHeader(place.tenant),
  path: { app_id: place.app, room: place.room, participant_id },
});

export async function listRooms(
  tenant: string,
  app_id: string | undefined,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<LiveRoom>> {
  const params = {
    header: tenantHeader(tenant),
    query: given({ app_id, limit: PAGE_ROWS, cursor }),
  };
  return answer(api.GET('/v1/rooms', { params, signal }));
}

export const roomKey = ({ tenant, app, room }: RoomPlace) => ['tenant', tenant, 'room', app, room];

export const roomQuery = (place: RoomPlace) =>
  queryOptions({
    queryKey: roomKey(place),
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/apps/{app_id}/rooms/{room}', { params: roomParams(place), signal })),
    refetchInterval: ROOMS_MS,
  });

/** Those in a room and those at its door: all at once. */
export const roomParticipantsQuery = (place: RoomPlace) =>
  queryOptions({
    queryKey: [...roomKey(place), 'participants'],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/v1/apps/{app_id}/rooms/{room}/participants', {
          params: roomParams(place),
          signal,
        }),
      ),
    refetchInterval: ROOMS_MS,
  });

export async function endRoom(place: RoomPlace): Promise<void> {
  await api.POST('/v1/apps/{app_id}/rooms/{room}/end', { params: roomParams(place) });
}

/** Newcomers are asked for the password; `null` opens the room. */
export async function lockRoom(place: RoomPlace, password: string | null): Promise<void> {
  const params = roomParams(place);
  await api.POST('/v1/apps/{app_id}/rooms/{room}/lock', { params, body: { password } });
}

/** Writes into the chat: to everybody, or to one participant. */
export async function sendMessage(
  place: RoomPlace,
  text: string,
  participant?: string,
): Promise<void> {
  const body = { text };
  if (participant === undefined) {
    await api.POST('/v1/apps/{app_id}/rooms/{room}/message', { params: roomParams(place), body });
    return;
  }
  const params = participantParams(place, participant);
  const path = '/v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/message';
  await api.POST(path, { params, body });
}

export async function muteParticipant(
  place: RoomPlace,
  participant: string,
  source: MutedSource,
): Promise<void> {
  const params = participantParams(place, participant);
  const path = '/v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/mute';
  await api.POST(path, { params, body: { source } });
}

/** Takes somebody out; `is_banned` also keeps them out of this call. */
export async function removeParticipant(
  place: RoomPlace,
  participant: string,
  is_banned: boolean,
): Promise<void> {
  const params = participantParams(place, participant);
  const path = '/v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/remove';
  await api.POST(path, { params, body: { is_banned } });
}

/** Lets somebody in who waits in the lobby. */
export async function admitParticipant(place: RoomPlace, participant: string): Promise<void> {
  const params = participantParams(place, participant);
  await api.POST('/v1/apps/{app_id}/rooms/{room}/participants/{participant_id}/admit', { params });
}
