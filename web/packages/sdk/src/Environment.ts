import { clientInfo } from './clientInfo.js';
import { type ClientInfo, SUBPROTOCOL } from './generated/protocol.js';
import type { MediaSource } from './LocalSources.js';
import type { SignalSocket } from './SignalClient.js';

/** What a room needs of its surroundings. The browser in earnest, fakes in tests. */
export interface Environment {
  /** Whether calls are possible at all. */
  readonly isSupported: boolean;
  /** Devices and screens; absent in pages without HTTPS. */
  readonly mediaDevices: MediaSource | undefined;
  /** Which client this is. */
  readonly client: ClientInfo;
  /** Opens a WebSocket. */
  openSocket(url: string): SignalSocket;
  /** Whether an HTTP request to `url` reaches a server that works. Never rejects. */
  probe(url: string): Promise<boolean>;
  /** Makes a connection for media. */
  createPeerConnection(): RTCPeerConnection;
  /** Makes an element that plays sound. */
  createAudioElement(): HTMLAudioElement;
  /** Milliseconds of a clock that never jumps. */
  now(): number;
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** A number from 0 to 1. */
  random(): number;
  /** Tells what happens to the page until the returned function is called. */
  watchPage(listener: (event: PageEvent) => void): () => void;
  /** Takes what an earlier page of this tab left behind, once. */
  takeFromEarlierPage(key: string): string | null;
  /** Leaves something for the next page of this tab. */
  leaveForNextPage(key: string, value: string): void;
}

/** What happens to the page. */
export type PageEvent = 'network_changed' | 'shown' | 'hidden' | 'closing';

/** The origin of the page; empty outside of one. */
export function pageOrigin(): string {
  return globalThis.location?.origin ?? '';
}

/** The browser. Reads nothing until it is asked. */
export const BROWSER: Environment = {
  get isSupported() {
    return typeof RTCPeerConnection === 'function' && typeof WebSocket === 'function';
  },
  get mediaDevices() {
    return globalThis.navigator?.mediaDevices as MediaDevices | undefined;
  },
  get client() {
    return clientInfo(globalThis.navigator?.userAgent ?? '');
  },
  openSocket: (url) => new WebSocket(url, SUBPROTOCOL),
  probe,
  createPeerConnection: () =>
    new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' }),
  createAudioElement: () => {
    const element = document.createElement('audio');
    element.autoplay = true;
    return element;
  },
  now: () => performance.now(),
  wallClock: () => Date.now(),
  random: () => Math.random(),
  watchPage,
  takeFromEarlierPage: (key) => {
    const value = storage()?.getItem(key) ?? null;
    storage()?.removeItem(key);
    return value;
  },
  leaveForNextPage: (key, value) => storage()?.setItem(key, value),
};

/** How long a probe may take, milliseconds. */
const PROBE_TIMEOUT_MS = 3_000;

async function probe(url: string): Promise<boolean> {
  const isSameOrigin = new URL(url).origin === pageOrigin();
  try {
    const response = await fetch(url, {
      cache: 'no-store',
      credentials: 'omit',
      mode: isSameOrigin ? 'same-origin' : 'no-cors',
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    // Of another origin nothing can be read, but that something answered says enough.
    return response.type === 'opaque' || response.status < 500;
  } catch {
    return false;
  }
}

function watchPage(listener: (event: PageEvent) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const changed = (): void => listener('network_changed');
  globalThis.addEventListener?.('online', changed, { signal });
  watchNetworkType(changed, signal);
  globalThis.addEventListener?.('pagehide', () => listener('closing'), { signal });
  globalThis.document?.addEventListener(
    'visibilitychange',
    () => listener(document.visibilityState === 'hidden' ? 'hidden' : 'shown'),
    { signal },
  );
  return () => stop.abort();
}

/** What some browsers tell of the network (W3C Network Information). */
interface NetworkInformation extends EventTarget {
  /** `wifi`, `cellular` and the like; absent on desktops. */
  readonly type?: string;
}

/** The browser's event also tells of mere estimates of speed, which mean no other path. */
function watchNetworkType(changed: () => void, signal: AbortSignal): void {
  const connection = (globalThis.navigator as { connection?: NetworkInformation } | undefined)
    ?.connection;
  let type = connection?.type;
  connection?.addEventListener(
    'change',
    () => {
      if (connection.type === type) return;
      type = connection.type;
      if (type !== 'none') changed();
    },
    { signal },
  );
}

/** Storage of this tab; absent where the person or a frame forbids it. */
function storage(): Storage | null {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}
