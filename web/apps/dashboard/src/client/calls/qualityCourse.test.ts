import { describe, expect, it } from 'vitest';
import type { QualityCourse, QualityPoint, TrackCourse } from '../../api/calls';
import { courseOf, stepsOf } from './qualityCourse';

const start = Date.UTC(2026, 10, 22, 9);
const point = (seconds: number, more: Partial<QualityPoint>): QualityPoint => ({
  at: new Date(start + seconds * 1_000).toISOString(),
  packet_loss_ratio: null,
  jitter_ms: null,
  round_trip_time_ms: null,
  bitrate_bps: null,
  frames_per_second: null,
  frame_height: null,
  freeze_count: null,
  concealed_ratio: null,
  mos: null,
  ...more,
});
const track = (kind: 'audio' | 'video', points: QualityPoint[]): TrackCourse => ({
  direction: 'received',
  kind,
  source: null,
  from_participant_id: null,
  codec: null,
  points,
});
const course: QualityCourse = {
  participant_id: 'par_budi',
  tracks: [
    track('audio', [
      point(3, { packet_loss_ratio: 0.01, bitrate_bps: 40_000 }),
      point(13, { packet_loss_ratio: 0.2, bitrate_bps: 40_000 }),
    ]),
    track('video', [
      point(4, { packet_loss_ratio: 0.04, bitrate_bps: 900_000, frames_per_second: 30 }),
    ]),
  ],
};
const steps = stepsOf(start, start + 30_000);

describe('the course of a measure', () => {
  it('takes the worst track for loss and the sum for the bit rate', () => {
    expect(courseOf(course, 'received', 'loss', steps)).toEqual([0.04, 0.2, null, null]);
    expect(courseOf(course, 'received', 'bitrate', steps)).toEqual([940_000, 40_000, null, null]);
  });

  it('knows frames of pictures only', () => {
    expect(courseOf(course, 'received', 'frame_rate', steps)).toEqual([30, null, null, null]);
  });

  it('keeps the directions apart', () => {
    expect(courseOf(course, 'sent', 'loss', steps)).toEqual([null, null, null, null]);
  });

  it('stays readable in a call of a day', () => {
    const day = stepsOf(start, start + 86_400_000);
    expect(day.count).toBeLessThanOrEqual(361);
    expect(day.length_ms % 10_000).toBe(0);
  });
});
