import { describe, expect, test } from 'vitest';
import type { CallStats, ReceivedSlotStats } from './CallStats.js';
import { MediaSummarizer } from './MediaSummarizer.js';

const PICTURE: ReceivedSlotStats = {
  kind: 'video',
  slot: 2,
  participantId: 'par_019b7700000070008000000000000002',
  source: 'camera',
  bitrateBps: 480_000.4,
  packetLossRatio: 0.25,
  jitterMs: 6.5,
  codec: 'video/VP8',
  width: 640,
  height: 360,
  framesPerSecond: 29.5,
  framesDecoded: 300,
  freezeCount: 3,
  concealedRatio: null,
};

const NOTHING: CallStats = { atMs: 0, transport: null, sent: [], received: [] };

describe('a summary of the own media', () => {
  test('leaves out what was not measured', () => {
    expect(new MediaSummarizer().handleStats(NOTHING)).toEqual({ tracks: [] });
  });

  test('names what is received and from whom', () => {
    const summary = new MediaSummarizer().handleStats({ ...NOTHING, received: [PICTURE] });
    expect(summary.tracks).toEqual([
      {
        direction: 'received',
        kind: 'video',
        source: 'camera',
        participant_id: PICTURE.participantId,
        codec: 'video/VP8',
        bitrate_bps: 480_000,
        packet_loss_ratio: 0.25,
        jitter_ms: 6.5,
        frame_height: 360,
        frames_per_second: 29.5,
        freeze_count: 3,
      },
    ]);
  });

  test('counts freezes since the summary before, also over a new connection', () => {
    const summarizer = new MediaSummarizer();
    const freezes = [3, 5, 1].map((freezeCount) => {
      const received = [{ ...PICTURE, freezeCount }];
      return summarizer.handleStats({ ...NOTHING, received }).tracks[0]?.freeze_count;
    });
    expect(freezes).toEqual([3, 2, 1]);
  });

  test('describes a simulcast picture by its largest encoding that is on', () => {
    const layer = { rid: 'h', isActive: true, width: 640, height: 360, bitrateBps: 400_000 };
    const summary = new MediaSummarizer().handleStats({
      ...NOTHING,
      transport: {
        protocol: 'udp',
        roundTripTimeMs: 42,
        availableOutgoingBps: 1_800_000.7,
        sentBps: null,
        receivedBps: null,
      },
      sent: [
        {
          source: 'camera',
          bitrateBps: 500_000,
          packetLossRatio: 0.01,
          codec: 'video/VP8',
          limitation: 'none',
          layers: [
            { ...layer, rid: 'q', height: 180, framesPerSecond: 30 },
            { ...layer, framesPerSecond: 24 },
            { ...layer, rid: 'f', height: 720, isActive: false, framesPerSecond: null },
          ],
        },
      ],
    });
    expect(summary).toMatchObject({
      transport: 'udp',
      round_trip_time_ms: 42,
      available_outgoing_bps: 1_800_001,
      tracks: [{ direction: 'sent', kind: 'video', frame_height: 360, frames_per_second: 30 }],
    });
  });
});
