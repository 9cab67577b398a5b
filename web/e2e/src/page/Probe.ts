/** How a name is compared: as a whole, or as a pattern that ignores case. */
export interface NameMatch {
  readonly text: string;
  readonly isPattern: boolean;
}

/** One video element as a person would see it. */
export interface Shown {
  readonly isPainted: boolean;
  /** Size of the picture itself, in pixels, not of its element. */
  readonly width: number;
  readonly height: number;
  /** Frames shown since the video was first asked about. */
  readonly framesShown: number;
  readonly colour: { red: number; green: number; blue: number } | null;
  /**
   * Share of strong steps between neighbours that happen within two pixels, 0 to 1: near 1 for letters that
   * can be read, near 0 for a blurred picture, one without edges, or when it was not wanted.
   */
  readonly sharpness: number;
}

/** Statistics of one received stream, named as in W3C webrtc-stats. */
export interface Inbound {
  readonly kind: 'audio' | 'video';
  readonly mid: string;
  /** MIME type; `null` before anything was decoded. */
  readonly codec: string | null;
  readonly framesDecoded: number;
  readonly framesPerSecond: number;
  readonly frameHeight: number;
  readonly freezeCount: number;
  /** Seconds. */
  readonly totalFreezesDuration: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly bytesReceived: number;
  readonly totalAudioEnergy: number;
  readonly concealedSamples: number;
}

/** What the tests can ask inside a page. */
export interface Probe {
  /** The first visible element of `role` with that name. */
  find(role: string, name: NameMatch, within: Element | null): Element | null;
  /** What a person presses to use an element: itself, or the label that draws it. */
  pressable(element: Element): Element;
  /** Names of all visible elements of `role`, for messages of failed tests. */
  names(role: string): string[];
  /** The videos in `root`; sharpness, which costs a copy of the whole picture, only when wanted. */
  shown(root: Element, isSharpnessWanted?: boolean): Shown[];
  inbound(): Promise<Inbound[]>;
  /** `udp` or `tcp` for each connected transport. */
  transports(): Promise<string[]>;
  /**
   * Loudness in dBFS at each frequency in all that is received; `null` while the browser does not play sound
   * (Firefox without a sound device never does).
   */
  loudness(frequenciesHz: number[]): number[] | null;
}

declare global {
  interface Window {
    readonly jumpaProbe: Probe;
  }
}
