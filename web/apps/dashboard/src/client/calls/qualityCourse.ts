import type { Direction, QualityCourse, QualityPoint } from '../../api/calls';

/** Clients sum up their media so often, milliseconds. */
const INTERVAL_MS = 10_000;
/** Most steps of a chart: more would be finer than a pixel and a table nobody reads. */
const MOST_STEPS = 360;

/** What is drawn of somebody's media. */
export type Measure = 'loss' | 'round_trip' | 'bitrate' | 'frame_rate';

/** The steps of a call's charts. */
export interface Steps {
  readonly from: number;
  readonly length_ms: number;
  readonly count: number;
}

/** Even steps from the beginning to the end of a call; in long calls several intervals to a step. */
export function stepsOf(from: number, until: number): Steps {
  const intervals = Math.max(1, Math.ceil((until - from) / (INTERVAL_MS * MOST_STEPS)));
  const length_ms = intervals * INTERVAL_MS;
  return { from, length_ms, count: Math.floor((until - from) / length_ms) + 1 };
}

/** A measure of somebody step by step, over the tracks of one direction; `null` where unknown. */
export function courseOf(
  course: QualityCourse,
  direction: Direction,
  measure: Measure,
  steps: Steps,
): readonly (number | null)[] {
  const { of, together, kind } = MEASURES[measure];
  const tracks = course.tracks.filter(
    (track) => track.direction === direction && (kind === undefined || track.kind === kind),
  );
  const perTrack = tracks.map((track) => bin(track.points, of, steps));
  return Array.from({ length: steps.count }, (_, step) => {
    const values = perTrack.flatMap((values) => values[step] ?? []);
    return values.length === 0 ? null : together(values);
  });
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const MEASURES: Record<
  Measure,
  {
    readonly of: (point: QualityPoint) => number | null;
    /** Of the tracks of one moment. */
    readonly together: (values: readonly number[]) => number;
    readonly kind?: 'audio' | 'video';
  }
> = {
  // One track that loses packets is heard or seen, however well the others do.
  loss: { of: (point) => point.packet_loss_ratio, together: (values) => Math.max(...values) },
  round_trip: { of: (point) => point.round_trip_time_ms, together: mean },
  bitrate: {
    of: (point) => point.bitrate_bps,
    together: (values) => values.reduce((sum, value) => sum + value, 0),
  },
  frame_rate: { of: (point) => point.frames_per_second, together: mean, kind: 'video' },
};

/** The mean of each step's points; sparse. */
function bin(
  points: readonly QualityPoint[],
  of: (point: QualityPoint) => number | null,
  { from, length_ms, count }: Steps,
): readonly (number | undefined)[] {
  const bins: number[][] = [];
  for (const point of points) {
    const value = of(point);
    const step = Math.floor((Date.parse(point.at) - from) / length_ms);
    if (typeof value !== 'number' || step < 0 || step >= count) continue;
    const values = bins[step] ?? [];
    values.push(value);
    bins[step] = values;
  }
  return Array.from({ length: count }, (_, step) => bins[step] && mean(bins[step]));
}
