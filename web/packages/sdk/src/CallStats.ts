import type { SourceKind } from './protocol.js';
import type { VideoSource } from './RoomState.js';

/**
 * How the connection does, from the browser's own statistics. Rates are means since the call of
 * {@link Room.getStats} before; the first call has none (`null`).
 *
 * @example
 * ```ts
 * const stats = await room.getStats();
 * console.log(`${stats.transport?.roundTripTimeMs} ms over ${stats.transport?.protocol}`);
 * ```
 */
export interface CallStats {
  /** When it was measured, milliseconds since 1970. */
  readonly atMs: number;
  /** The path in use; `null` while there is none. */
  readonly transport: TransportStats | null;
  /** What is sent, one entry per source that has a track. */
  readonly sent: readonly SentSourceStats[];
  /** What is received in the slots that show or play something. */
  readonly received: readonly ReceivedSlotStats[];
}

/** The path between browser and server. */
export interface TransportStats {
  /** `udp` or `tcp`. */
  readonly protocol: string;
  /** Round trip of the last connectivity check, milliseconds. */
  readonly roundTripTimeMs: number | null;
  /** What the browser thinks it may send, bits per second. */
  readonly availableOutgoingBps: number | null;
  /** Sent, bits per second. */
  readonly sentBps: number | null;
  /** Received, bits per second. */
  readonly receivedBps: number | null;
}

/** One source that is sent. */
export interface SentSourceStats {
  /** Which. */
  readonly source: SourceKind;
  /** All layers together, bits per second. */
  readonly bitrateBps: number | null;
  /** Share of packets that the server reports lost, 0 to 1. */
  readonly packetLossRatio: number | null;
  /** Codec, for example `video/VP8`. */
  readonly codec: string | null;
  /** What limits the quality of a video. */
  readonly limitation: string | null;
  /** Encodings of a video, from small to large. */
  readonly layers: readonly SentLayerStats[];
}

/** One encoding of a video that is sent. */
export interface SentLayerStats {
  /** Its rid; empty for the only one. */
  readonly rid: string;
  /** Whether it is encoded. */
  readonly isActive: boolean;
  /** Pixels. */
  readonly width: number | null;
  /** Pixels. */
  readonly height: number | null;
  /** Frames per second. */
  readonly framesPerSecond: number | null;
  /** Bits per second. */
  readonly bitrateBps: number | null;
}

/** One receiving slot. */
export interface ReceivedSlotStats {
  /** Audio or video. */
  readonly kind: 'audio' | 'video';
  /** Its index. */
  readonly slot: number;
  /** Who is shown or heard; `null` when it is not known. */
  readonly participantId: string | null;
  /** Which picture, for video. */
  readonly source: VideoSource | null;
  /** Bits per second. */
  readonly bitrateBps: number | null;
  /** Share of packets lost on the way from the server, 0 to 1. */
  readonly packetLossRatio: number | null;
  /** Variation of arrival times, milliseconds. */
  readonly jitterMs: number | null;
  /** Codec, for example `audio/opus`. */
  readonly codec: string | null;
  /** Pixels, for video. */
  readonly width: number | null;
  /** Pixels, for video. */
  readonly height: number | null;
  /** Frames per second, for video. */
  readonly framesPerSecond: number | null;
  /** Frames decoded since the slot exists, for video. */
  readonly framesDecoded: number | null;
  /** Freezes since the slot exists, for video. */
  readonly freezeCount: number | null;
  /** Share of sound that was made up for what did not arrive, 0 to 1. */
  readonly concealedRatio: number | null;
}
