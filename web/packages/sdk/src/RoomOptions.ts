/** Where a room writes what it does; nothing is written without one. */
export interface Logger {
  /** One detail. */
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Something that was recovered from. */
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** How a {@link Room} is set up. */
export interface RoomOptions {
  /** Address of the server, `https://…`; the page's own origin when absent. */
  readonly serverUrl?: string;
  /** How many people can be heard at once, 1 to 20; 5 when absent. */
  readonly audioSlots?: number;
  /** Where to write what happens. */
  readonly logger?: Logger;
}

/** Whom to join as, and where. */
export interface JoinOptions {
  /** The app, for example `klinik-sehat-k3x9q`. */
  readonly appId: string;
  /** The room. */
  readonly room: string;
  /** A join token signed by an app key; absent for guests. */
  readonly token?: string;
  /** Display name; a token's name wins. */
  readonly name?: string;
  /** The room's password. */
  readonly password?: string;
  /** Gives up joining, also while waiting in the lobby. */
  readonly signal?: AbortSignal;
}

/** What {@link Room.attachVideo} shall show. */
export interface VideoTarget {
  /** Whose picture. */
  readonly participantId: string;
  /** Which picture. */
  readonly source: 'camera' | 'screen';
  /** Larger is served first when bandwidth is short, 0 to 255; 100 when absent. */
  readonly priority?: number;
  /** `true` when a frame of the right source is on screen, `false` when it no longer is. */
  readonly onShown?: (isShown: boolean) => void;
}
