import { queryOptions } from '@tanstack/react-query';
import { PAGE_ROWS, type Page } from './api';
import { planned } from './planned';

/** A running call. */
export interface LiveRoom {
  readonly app_id: string;
  readonly app_name: string;
  readonly room: string;
  readonly call_id: string;
  /** RFC 3339, UTC. */
  readonly started_at: string;
  readonly participants: number;
  /** How many wait in the lobby. */
  readonly waiting: number;
  readonly is_locked: boolean;
  readonly has_lobby: boolean;
  readonly node_id: string;
}

/** Somebody in a running call or in its lobby. */
export interface LiveParticipant {
  readonly id: string;
  readonly name: string;
  readonly subject: string | null;
  readonly role: 'moderator' | 'participant';
  readonly joined_at: string;
  readonly connection: 'connecting' | 'connected' | 'reconnecting';
  readonly via: 'signalling' | 'whip' | 'whep';
  readonly is_muted: { readonly microphone: boolean; readonly camera: boolean };
  readonly is_sharing_screen: boolean;
  readonly waits_in_lobby: boolean;
}

/** What can be closed from outside. */
export type MutedSource = 'microphone' | 'camera' | 'screen';

/** A room of a tenant. */
export interface RoomPlace {
  readonly tenant: string;
  readonly app: string;
  readonly room: string;
}

/** How often live rooms are asked for again, milliseconds: people see themselves join. */
export const ROOMS_MS = 5_000;

export async function listRooms(
  tenant: string,
  app_id: string | undefined,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<LiveRoom>> {
  const query = { app_id, limit: PAGE_ROWS, cursor };
  return planned('GET', '/v1/rooms', { tenant, query, signal });
}

const pathOf = ({ app, room }: RoomPlace) => `/v1/apps/${app}/rooms/${encodeURIComponent(room)}`;

export const roomKey = ({ tenant, app, room }: RoomPlace) => ['tenant', tenant, 'room', app, room];

export const roomQuery = (place: RoomPlace) =>
  queryOptions({
    queryKey: roomKey(place),
    queryFn: ({ signal }) =>
      planned<LiveRoom>('GET', pathOf(place), { tenant: place.tenant, signal }),
    refetchInterval: ROOMS_MS,
  });

export async function listRoomParticipants(
  place: RoomPlace,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<LiveParticipant>> {
  const query = { limit: PAGE_ROWS, cursor };
  return planned('GET', `${pathOf(place)}/participants`, { tenant: place.tenant, query, signal });
}

export async function endRoom(place: RoomPlace): Promise<void> {
  await planned('POST', `${pathOf(place)}/end`, { tenant: place.tenant });
}

/** Newcomers are asked for the password; `null` opens the room. */
export async function lockRoom(place: RoomPlace, password: string | null): Promise<void> {
  await planned('POST', `${pathOf(place)}/lock`, { tenant: place.tenant, body: { password } });
}

/** Writes into the chat: to everybody, or to one participant. */
export async function sendMessage(
  place: RoomPlace,
  text: string,
  participant?: string,
): Promise<void> {
  const path = participant ? `${pathOf(place)}/participants/${participant}` : pathOf(place);
  await planned('POST', `${path}/message`, { tenant: place.tenant, body: { text } });
}

export async function muteParticipant(
  place: RoomPlace,
  participant: string,
  source: MutedSource,
): Promise<void> {
  const path = `${pathOf(place)}/participants/${participant}/mute`;
  await planned('POST', path, { tenant: place.tenant, body: { source } });
}

/** Takes somebody out; `is_banned` also keeps them out of this call. */
export async function removeParticipant(
  place: RoomPlace,
  participant: string,
  is_banned: boolean,
): Promise<void> {
  const path = `${pathOf(place)}/participants/${participant}/remove`;
  await planned('POST', path, { tenant: place.tenant, body: { is_banned } });
}

/** Lets somebody in who waits in the lobby. */
export async function admitParticipant(place: RoomPlace, participant: string): Promise<void> {
  await planned('POST', `${pathOf(place)}/participants/${participant}/admit`, {
    tenant: place.tenant,
  });
}
