/** What an address asks for. */
export type Route =
  | { readonly name: 'landing' }
  | {
      readonly name: 'room';
      readonly appId: string;
      readonly room: string;
      readonly token: string | undefined;
    }
  | { readonly name: 'bad_link' };

const APP_ID = /^[a-z0-9-]{3,64}$/;
const ROOM_NAME = /^[A-Za-z0-9._~-]{1,100}$/;

/** Reads the path and the query of an address of this server. */
export function parseRoute(pathname: string, search: string): Route {
  const segments = pathname.split('/').filter((segment) => segment !== '');
  const query = new URLSearchParams(search);
  const [first, second] = segments;
  if (first === undefined) return { name: 'landing' };
  if (segments.length !== 2 || second === undefined) return { name: 'bad_link' };
  const room = parseRoom(first, second);
  if (!room) return { name: 'bad_link' };
  return { name: 'room', ...room, token: query.get('jwt') || undefined };
}

/**
 * Reads what people paste to get into a room: a whole link, or `app-id/room`.
 *
 * Gives the path with the query to go to, or `null` when it is no room. Links of other servers are
 * no rooms of ours.
 */
export function parseRoomInput(input: string, origin: string): string | null {
  const text = input.trim();
  let url: URL;
  try {
    url = /^https?:\/\//i.test(text)
      ? new URL(text)
      : new URL(`/${text.replace(/^\/+/, '')}`, origin);
  } catch {
    return null;
  }
  if (url.origin !== origin) return null;
  const route = parseRoute(url.pathname, url.search);
  return route.name === 'room' ? `${url.pathname}${url.search}` : null;
}

function parseRoom(first: string, second: string): { appId: string; room: string } | null {
  const isRoom = APP_ID.test(first) && ROOM_NAME.test(second) && second !== '.' && second !== '..';
  return isRoom ? { appId: first, room: second.toLowerCase() } : null;
}
