import { describe, expect, it } from 'vitest';
import { qualityOf } from './quality.js';
import { type LineMap, type RawStats, StatsDigest } from './StatsDigest.js';

const LINES: LineMap = {
  sent: new Map([['1', 'camera']]),
  received: new Map([
    ['4', { kind: 'audio', slot: 0 }],
    ['9', { kind: 'video', slot: 0 }],
    ['10', { kind: 'video', slot: 1 }],
  ]),
  ownerOf: (slot) => (slot === 0 ? { participantId: 'par_2', source: 'camera' } : null),
};

/** A call at `seconds`: 1 Mbit/s of camera, 800 kbit/s received, 10 of 100 packets lost. */
function report(seconds: number): RawStats[] {
  const timestamp = 1_000 * seconds;
  const stats = (id: string, type: string, fields: Record<string, unknown>): RawStats => ({
    id,
    type,
    timestamp,
    ...fields,
  });
  return [
    stats('T', 'transport', { selectedCandidatePairId: 'P' }),
    stats('P', 'candidate-pair', {
      localCandidateId: 'L',
      currentRoundTripTime: 0.042,
      bytesSent: 125_000 * seconds,
      bytesReceived: 100_000 * seconds,
    }),
    stats('L', 'local-candidate', { protocol: 'tcp' }),
    stats('C', 'codec', { mimeType: 'video/VP8' }),
    stats('Oh', 'outbound-rtp', {
      mid: '1',
      kind: 'video',
      rid: 'h',
      codecId: 'C',
      remoteId: 'R',
      bytesSent: 100_000 * seconds,
      framesPerSecond: 30,
      frameHeight: 360,
    }),
    stats('Oq', 'outbound-rtp', {
      mid: '1',
      kind: 'video',
      rid: 'q',
      bytesSent: 25_000 * seconds,
      framesPerSecond: 30,
      frameHeight: 180,
    }),
    stats('R', 'remote-inbound-rtp', { fractionLost: 0.02 }),
    stats('Iv', 'inbound-rtp', {
      mid: '9',
      codecId: 'C',
      bytesReceived: 100_000 * seconds,
      packetsReceived: 90 * seconds,
      packetsLost: 10 * seconds,
      jitter: 0.005,
      framesDecoded: 30 * seconds,
      freezeCount: 1,
    }),
    stats('Ie', 'inbound-rtp', { mid: '10', packetsReceived: 7, framesDecoded: 0 }),
    stats('Ia', 'inbound-rtp', {
      mid: '4',
      packetsReceived: 50 * seconds,
      packetsLost: 0,
      totalSamplesReceived: 48_000 * seconds,
      concealedSamples: 480 * seconds,
    }),
  ];
}

describe('StatsDigest', () => {
  it('has no rates at first', () => {
    const stats = new StatsDigest().handleReport(report(1), LINES, 0);
    expect(stats.transport).toMatchObject({ sentBps: null, roundTripTimeMs: 42, protocol: 'tcp' });
  });

  it('makes rates of the difference to the report before', () => {
    const digest = new StatsDigest();
    digest.handleReport(report(1), LINES, 0);
    const stats = digest.handleReport(report(3), LINES, 0);
    expect(stats.transport).toMatchObject({ sentBps: 1_000_000, receivedBps: 800_000 });
    expect(stats.sent[0]).toMatchObject({ bitrateBps: 1_000_000, packetLossRatio: 0.02 });
    expect(stats.received.find(({ kind }) => kind === 'video')).toMatchObject({
      bitrateBps: 800_000,
      packetLossRatio: 0.1,
      framesDecoded: 90,
      freezeCount: 1,
    });
    expect(stats.received.find(({ kind }) => kind === 'audio')?.concealedRatio).toBeCloseTo(0.01);
  });

  it('orders layers from small to large', () => {
    const { sent } = new StatsDigest().handleReport(report(1), LINES, 0);
    expect(sent[0]?.layers.map(({ rid, height }) => [rid, height])).toEqual([
      ['q', 180],
      ['h', 360],
    ]);
  });

  it('names who stands in a slot and leaves out slots that only got probes', () => {
    const { received } = new StatsDigest().handleReport(report(1), LINES, 0);
    expect(received.map(({ kind, slot, participantId }) => [kind, slot, participantId])).toEqual([
      ['video', 0, 'par_2'],
      ['audio', 0, null],
    ]);
  });
});

describe('qualityOf', () => {
  it('is judged by the worst figure', () => {
    const digest = new StatsDigest();
    digest.handleReport(report(1), LINES, 0);
    const stats = digest.handleReport(report(2), LINES, 0);
    expect(qualityOf(stats)).toBe('poor');
    expect(qualityOf({ ...stats, received: [] })).toBe('good');
    expect(qualityOf({ ...stats, received: [], transport: null })).toBe('unknown');
  });
});
