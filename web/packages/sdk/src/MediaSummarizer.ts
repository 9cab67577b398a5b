import type { CallStats, ReceivedSlotStats, SentSourceStats } from './CallStats.js';
import type { MediaSummary, TrackQuality } from './generated/protocol.js';

/**
 * Sums up the own media for the server, from statistics whose rates are means since the summary
 * before. What was not measured is left out.
 */
export class MediaSummarizer {
  /** Freezes by slot at the last summary; the browser counts since the slot exists. */
  readonly #freezes = new Map<number, number>();

  /** What was sent and received since the last call of this method. */
  handleStats({ transport, sent, received }: CallStats): MediaSummary {
    return {
      ...present('transport', transport?.protocol),
      ...present('round_trip_time_ms', transport?.roundTripTimeMs),
      ...present('available_outgoing_bps', whole(transport?.availableOutgoingBps)),
      tracks: [...sent.map(sentTrack), ...received.map((slot) => this.#receivedTrack(slot))],
    };
  }

  #receivedTrack(slot: ReceivedSlotStats): TrackQuality {
    return {
      direction: 'received',
      kind: slot.kind,
      ...present('source', slot.source),
      ...present('participant_id', slot.participantId),
      ...present('codec', slot.codec),
      ...present('bitrate_bps', whole(slot.bitrateBps)),
      ...present('packet_loss_ratio', slot.packetLossRatio),
      ...present('jitter_ms', slot.jitterMs),
      ...present('frame_height', slot.height),
      ...present('frames_per_second', slot.framesPerSecond),
      ...present('freeze_count', this.#newFreezes(slot)),
      ...present('concealed_ratio', slot.concealedRatio),
    };
  }

  #newFreezes({ kind, slot, freezeCount }: ReceivedSlotStats): number | null {
    if (kind !== 'video' || freezeCount === null) return null;
    const before = this.#freezes.get(slot) ?? 0;
    this.#freezes.set(slot, freezeCount);
    // A new connection counts from zero again.
    return freezeCount >= before ? freezeCount - before : freezeCount;
  }
}

function sentTrack(sent: SentSourceStats): TrackQuality {
  const active = sent.layers.filter(({ isActive }) => isActive);
  const heights = active.flatMap(({ height }) => (height === null ? [] : [height]));
  const rates = active.flatMap(({ framesPerSecond }) =>
    framesPerSecond === null ? [] : [framesPerSecond],
  );
  return {
    direction: 'sent',
    kind: sent.source === 'camera' || sent.source === 'screen' ? 'video' : 'audio',
    source: sent.source,
    ...present('codec', sent.codec),
    ...present('bitrate_bps', whole(sent.bitrateBps)),
    ...present('packet_loss_ratio', sent.packetLossRatio),
    ...present('frame_height', largest(heights)),
    ...present('frames_per_second', largest(rates)),
  };
}

/** One member, or none when it was not measured. */
function present<K extends string, V>(
  key: K,
  value: V | null | undefined,
): Partial<Record<K, NonNullable<V>>> {
  if (value === null || value === undefined) return {};
  return { [key]: value } as Partial<Record<K, NonNullable<V>>>;
}

function whole(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value);
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}
