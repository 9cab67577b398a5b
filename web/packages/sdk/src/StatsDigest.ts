import type {
  CallStats,
  ReceivedSlotStats,
  SentLayerStats,
  SentSourceStats,
  TransportStats,
} from './CallStats.js';
import type { SourceKind } from './protocol.js';
import type { VideoKey } from './RoomState.js';

/** One object of the browser's statistics (W3C webrtc-stats); members vary with `type`. */
export type RawStats = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly type: string;
  readonly timestamp: number;
};

/** Which m-line is what. */
export interface LineMap {
  /** Sources by the mid that sends them. */
  readonly sent: ReadonlyMap<string, SourceKind>;
  /** Slots by the mid that receives them. */
  readonly received: ReadonlyMap<
    string,
    { readonly kind: 'audio' | 'video'; readonly slot: number }
  >;
  /** Who is shown in a video slot. */
  readonly ownerOf: (slot: number) => VideoKey | null;
}

/** Makes {@link CallStats} of the browser's statistics; rates come from the difference to the last. */
export class StatsDigest {
  #before: ReadonlyMap<string, RawStats> = new Map();

  /** Digests one report, taken at `atMs` (milliseconds since 1970). */
  handleReport(report: readonly RawStats[], lines: LineMap, atMs: number): CallStats {
    const all = new Map(report.map((stats) => [stats.id, stats]));
    const stats: CallStats = {
      atMs,
      transport: this.#transport(all),
      sent: this.#sent(all, lines),
      received: this.#received(all, lines),
    };
    this.#before = all;
    return stats;
  }

  #transport(all: ReadonlyMap<string, RawStats>): TransportStats | null {
    const pair = selectedPair(all);
    if (!pair) return null;
    const local = all.get(text(pair, 'localCandidateId') ?? '');
    const roundTrip = number(pair, 'currentRoundTripTime');
    return {
      protocol: (local && text(local, 'protocol')) ?? 'udp',
      roundTripTimeMs: roundTrip === null ? null : roundTrip * 1_000,
      availableOutgoingBps: number(pair, 'availableOutgoingBitrate'),
      sentBps: this.#bitrate(pair, 'bytesSent'),
      receivedBps: this.#bitrate(pair, 'bytesReceived'),
    };
  }

  #sent(all: ReadonlyMap<string, RawStats>, lines: LineMap): SentSourceStats[] {
    const outbound = [...all.values()].filter(({ type }) => type === 'outbound-rtp');
    return [...lines.sent].flatMap(([mid, source]) => {
      const streams = outbound.filter((stats) => text(stats, 'mid') === mid);
      const first = streams[0];
      return first ? [this.#sentSource(all, source, streams, first)] : [];
    });
  }

  #sentSource(
    all: ReadonlyMap<string, RawStats>,
    source: SourceKind,
    streams: readonly RawStats[],
    first: RawStats,
  ): SentSourceStats {
    const losses = streams.flatMap((stats) => {
      const remote = all.get(text(stats, 'remoteId') ?? '');
      const loss = remote ? number(remote, 'fractionLost') : null;
      return loss === null ? [] : [loss];
    });
    return {
      source,
      bitrateBps: sum(streams.map((stats) => this.#bitrate(stats, 'bytesSent'))),
      packetLossRatio: losses.length === 0 ? null : Math.max(...losses),
      codec: codecOf(all, first),
      limitation: text(first, 'qualityLimitationReason'),
      layers: text(first, 'kind') === 'video' ? this.#layers(streams) : [],
    };
  }

  #layers(streams: readonly RawStats[]): SentLayerStats[] {
    return streams
      .map((stats) => ({
        rid: text(stats, 'rid') ?? '',
        isActive: stats.active !== false && (number(stats, 'framesPerSecond') ?? 0) > 0,
        width: number(stats, 'frameWidth'),
        height: number(stats, 'frameHeight'),
        framesPerSecond: number(stats, 'framesPerSecond'),
        bitrateBps: this.#bitrate(stats, 'bytesSent'),
      }))
      .toSorted((a, b) => 'qhf'.indexOf(a.rid) - 'qhf'.indexOf(b.rid));
  }

  #received(all: ReadonlyMap<string, RawStats>, lines: LineMap): ReceivedSlotStats[] {
    return [...all.values()].flatMap((stats) => {
      const line = lines.received.get(text(stats, 'mid') ?? '');
      if (stats.type !== 'inbound-rtp' || !line) return [];
      if (!hasContent(stats, line.kind)) return [];
      const owner = line.kind === 'video' ? lines.ownerOf(line.slot) : null;
      const jitter = number(stats, 'jitter');
      const slot: ReceivedSlotStats = {
        ...line,
        participantId: owner?.participantId ?? null,
        source: owner?.source ?? null,
        bitrateBps: this.#bitrate(stats, 'bytesReceived'),
        packetLossRatio: this.#ratio(stats, 'packetsLost', 'packetsReceived'),
        jitterMs: jitter === null ? null : jitter * 1_000,
        codec: codecOf(all, stats),
        width: number(stats, 'frameWidth'),
        height: number(stats, 'frameHeight'),
        framesPerSecond: number(stats, 'framesPerSecond'),
        framesDecoded: number(stats, 'framesDecoded'),
        freezeCount: number(stats, 'freezeCount'),
        concealedRatio: this.#share(stats, 'concealedSamples', 'totalSamplesReceived'),
      };
      return [slot];
    });
  }

  /** Bits per second of a counter of bytes. */
  #bitrate(stats: RawStats, counter: string): number | null {
    const before = this.#before.get(stats.id);
    const bytes = this.#growth(stats, counter);
    const ms = before ? stats.timestamp - before.timestamp : 0;
    return bytes === null || ms <= 0 ? null : (bytes * 8_000) / ms;
  }

  /** How much of `part` plus `rest` was `part`. */
  #ratio(stats: RawStats, part: string, rest: string): number | null {
    const lost = this.#growth(stats, part);
    const got = this.#growth(stats, rest);
    if (lost === null || got === null || lost + got <= 0) return null;
    return Math.min(1, Math.max(0, lost / (lost + got)));
  }

  /** How much of `whole` was `part`. */
  #share(stats: RawStats, part: string, whole: string): number | null {
    const parts = this.#growth(stats, part);
    const all = this.#growth(stats, whole);
    return parts === null || all === null || all <= 0 ? null : Math.min(1, parts / all);
  }

  #growth(stats: RawStats, counter: string): number | null {
    const before = this.#before.get(stats.id);
    const now = number(stats, counter);
    const then = before ? number(before, counter) : null;
    return now === null || then === null ? null : now - then;
  }
}

/** The candidate pair in use. Firefox marks it itself, others name it in the transport. */
function selectedPair(all: ReadonlyMap<string, RawStats>): RawStats | null {
  for (const stats of all.values()) {
    if (stats.type === 'transport') {
      const pair = all.get(text(stats, 'selectedCandidatePairId') ?? '');
      if (pair) return pair;
    }
  }
  const pairs = [...all.values()].filter(({ type }) => type === 'candidate-pair');
  return pairs.find((pair) => pair.selected === true || pair.nominated === true) ?? null;
}

/** Whether something was played: probes of the bandwidth make packets arrive in empty slots too. */
function hasContent(stats: RawStats, kind: 'audio' | 'video'): boolean {
  const counter = kind === 'audio' ? 'packetsReceived' : 'framesDecoded';
  return (number(stats, counter) ?? 0) > 0;
}

function codecOf(all: ReadonlyMap<string, RawStats>, stats: RawStats): string | null {
  const codec = all.get(text(stats, 'codecId') ?? '');
  return codec ? text(codec, 'mimeType') : null;
}

function number(stats: RawStats, member: string): number | null {
  const value = stats[member];
  return typeof value === 'number' ? value : null;
}

function text(stats: RawStats, member: string): string | null {
  const value = stats[member];
  return typeof value === 'string' ? value : null;
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
