/**
 * The words of the protocol, under the names that the rest of the SDK uses.
 *
 * The types themselves are generated from the server's; only what cannot be said there is added.
 */

import type {
  ClientMessage,
  Joined,
  Layer,
  ServerMessage,
  SourceKind,
  Event as WireEvent,
} from './generated/protocol.js';

export type {
  ComposeTime,
  ConnectionState,
  ErrorCode,
  LeaveReason,
  QualityCause,
  QualityLevel,
  Reaction,
  RecordingFailure,
  RecordingFallback,
  RecordingKind,
  RecordingLayout,
  RecordingState,
  Role,
  SourceKind,
  SourceState,
  StreamFailure,
  StreamPreset,
  StreamState,
} from './generated/protocol.js';

type WithoutId<M> = M extends unknown ? Omit<M, 'request_id'> : never;

/** A request without its id, which {@link SignalClient} adds. */
export type ClientRequest = WithoutId<ClientMessage>;

/** What a request is answered with when it is not refused. */
export type Answer = Exclude<ServerMessage, { type: 'event' | 'error' }>;

/** The answer to a join. */
export type JoinedMessage = { type: 'joined' } & Joined;

/**
 * Reads one message of the server. `null`: not a message at all, or of a type that this version does
 * not know. Fields of known types are taken as the server sends them; both sides are generated from
 * one source.
 */
export function parseServerMessage(text: string): ServerMessage | null {
  const message = parseObject(text);
  switch (message?.type) {
    case 'ok':
    case 'joined':
    case 'resumed':
    case 'negotiated':
    case 'stream_targets':
      return typeof message.request_id === 'number' ? (message as ServerMessage) : null;
    case 'error':
      return typeof message.code === 'string' ? (message as ServerMessage) : null;
    case 'event': {
      const event = message.event as { type?: unknown } | null | undefined;
      return typeof message.seq === 'number' && typeof event?.type === 'string'
        ? (message as ServerMessage)
        : null;
    }
    default:
      return null;
  }
}

/** Reads one message of the data channel; an empty list when it is not one of levels. */
export function parseLevels(text: string): readonly (readonly [number, number])[] {
  const message = parseObject(text);
  if (message?.type !== 'levels' || !Array.isArray(message.levels)) return [];
  return message.levels.filter(
    (pair): pair is [number, number] =>
      Array.isArray(pair) && typeof pair[0] === 'number' && typeof pair[1] === 'number',
  );
}

/**
 * The number that every packet of a source carries as its CSRC: the participant's number times four
 * plus the place of the kind among the sending m-lines.
 */
export function sourceNumber(participantNumber: number, source: SourceKind): number {
  return (participantNumber * 4 + SOURCE_ORDER[source]) >>> 0;
}

/** The rids of a simulcast video, from small to large. */
export const RIDS: readonly Layer[] = ['q', 'h', 'f'];

/** One event of the room. */
export type RoomEvent = WireEvent;

const SOURCE_ORDER: Readonly<Record<SourceKind, number>> = {
  microphone: 0,
  camera: 1,
  screen: 2,
  screen_audio: 3,
};

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
