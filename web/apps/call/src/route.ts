/** What an address asks for. */
export type Route =
  /** With an app on its own domain, which knows no other. */
  | { readonly name: 'landing'; readonly appId: string | null }
  | {
      readonly name: 'room';
      readonly appId: string;
      readonly room: string;
      readonly token: string | undefined;
    }
  | { readonly name: 'bad_link' };

const APP_ID = /^[a-z0-9-]{3,64}$/;
const ROOM_NAME = /^[A-Za-z0-9._~-]{1,100}$/;

/**
 * The app that the server says this address is of, which it does on the own domain of an app: empty
 * where the address is nothing there, and `null` on every other host.
 */
export function readOwnApp(page: Document): string | null {
  return page.querySelector<HTMLMetaElement>('meta[name="jumpa-app"]')?.content ?? null;
}

/**
 * Reads the path and the query of an address of this server: `/app-id/room`, and on the own domain
 * of an app `/room` as well. `ownApp` is what `readOwnApp` gives.
 */
export function parseRoute(pathname: string, search: string, ownApp: string | null = null): Route {
  const segments = pathname.split('/').filter((segment) => segment !== '');
  const token = new URLSearchParams(search).get('jwt') || undefined;
  if (ownApp === '') return { name: 'bad_link' };
  if (segments.length === 0) return { name: 'landing', appId: ownApp };
  const isShort = ownApp !== null && segments.length === 1;
  const [first, second, ...rest] = isShort ? [ownApp, ...segments] : segments;
  if (first === undefined || second === undefined || rest.length > 0) return { name: 'bad_link' };
  const room = parseRoom(first, second);
  return room ? { name: 'room', ...room, token } : { name: 'bad_link' };
}

/**
 * Reads what people paste to get into a room: a whole link, or `app-id/room`, and on the own domain
 * of an app the name of the room.
 *
 * Gives the path with the query to go to, or `null` when it is no room. Links of other servers are
 * no rooms of ours.
 */
export function parseRoomInput(
  input: string,
  origin: string,
  ownApp: string | null = null,
): string | null {
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
  const route = parseRoute(url.pathname, url.search, ownApp);
  return route.name === 'room' ? `${url.pathname}${url.search}` : null;
}

function parseRoom(first: string, second: string): { appId: string; room: string } | null {
  const isRoom = APP_ID.test(first) && ROOM_NAME.test(second) && second !== '.' && second !== '..';
  return isRoom ? { appId: first, room: second.toLowerCase() } : null;
}
