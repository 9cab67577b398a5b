import type { Layer } from './generated/protocol.js';
import type { VideoSource } from './RoomState.js';

/** How one encoding of a video is sent. */
export interface Encoding {
  /** Its name in the session description. */
  readonly rid: Layer;
  /** Whether it is encoded at all. */
  readonly active: boolean;
  /** By how much the source is made smaller in each direction. */
  readonly scaleResolutionDownBy: number;
  /** Most bits per second. */
  readonly maxBitrate: number;
  /** Most frames per second. */
  readonly maxFramerate: number;
}

/** Pixels of a source. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * From how many pixels on a camera is sent in three layers. Chromium drops the top layer of smaller
 * pictures without a word, so they are sent in two or one.
 */
const THREE_LAYER_PIXELS = 960 * 540;

/** From how many pixels on a camera is sent in two layers. */
const TWO_LAYER_PIXELS = 480 * 270;

/** Bits per second that a quarter, a half and a whole 720p camera needs to look good. */
const CAMERA_BITRATES: Readonly<Record<Layer, number>> = { q: 150_000, h: 500_000, f: 1_700_000 };

/** Frames per second of a camera. */
const CAMERA_FRAMERATE = 30;

/**
 * Layers of a shared screen: text must stay readable, so the small one saves frames before pixels.
 */
const SCREEN_ENCODINGS: readonly Omit<Encoding, 'active'>[] = [
  { rid: 'q', scaleResolutionDownBy: 2, maxBitrate: 250_000, maxFramerate: 5 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 2_500_000, maxFramerate: 15 },
];

/** The encodings that the first offer names, before there is a track. */
export function initialEncodings(source: VideoSource): readonly Encoding[] {
  return encodingsFor(source, { width: 1280, height: 720 }, null);
}

/**
 * How to encode a source of this size. `wanted`: the layers that somebody receives, `null` when the
 * server has not said; the smallest layer is always sent, so that a new receiver sees something at
 * once.
 */
export function encodingsFor(
  source: VideoSource,
  size: Size,
  wanted: ReadonlySet<Layer> | null,
): readonly Encoding[] {
  const all = source === 'camera' ? cameraEncodings(size) : screenEncodings();
  return all.map((encoding, index) => ({
    ...encoding,
    active: encoding.active && (index === 0 || wanted === null || wanted.has(encoding.rid)),
  }));
}

function cameraEncodings({ width, height }: Size): readonly Encoding[] {
  const pixels = width * height;
  const scales: Readonly<Record<Layer, number | null>> =
    pixels >= THREE_LAYER_PIXELS
      ? { q: 4, h: 2, f: 1 }
      : pixels >= TWO_LAYER_PIXELS
        ? { q: 2, h: 1, f: null }
        : { q: 1, h: null, f: null };
  return (['q', 'h', 'f'] as const).map((rid) => ({
    rid,
    active: scales[rid] !== null,
    scaleResolutionDownBy: scales[rid] ?? 1,
    maxBitrate: CAMERA_BITRATES[rid],
    maxFramerate: CAMERA_FRAMERATE,
  }));
}

function screenEncodings(): readonly Encoding[] {
  return SCREEN_ENCODINGS.map((encoding) => ({ ...encoding, active: true }));
}
