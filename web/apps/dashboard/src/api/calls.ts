import { queryOptions } from '@tanstack/react-query';
import { PAGE_ROWS, type Page } from './api';
import type { Quality } from './numbers';
import { planned } from './planned';

/** One occurrence in a room, first join to last leave. */
export interface Call {
  readonly id: string;
  readonly app_id: string;
  readonly room: string;
  /** RFC 3339, UTC. */
  readonly started_at: string;
  readonly ended_at: string | null;
  /** Why, when it did not end by itself. */
  readonly end_reason: string | null;
  readonly duration_s: number;
  readonly participants: number;
  readonly participant_minutes: number;
  readonly peak_participants: number;
  readonly quality: Quality;
  readonly is_live: boolean;
}

export interface CallDetail extends Call {
  readonly rating: { readonly average: number | null; readonly count: number };
}

/** From one join to its leave. */
export interface Stay {
  readonly joined_at: string;
  readonly left_at: string | null;
  readonly leave_reason: string | null;
}

/** Something that explains bad media; `share` of the time, or `count` times. */
export interface Hint {
  readonly code: string;
  readonly params: { readonly share?: number; readonly count?: number };
}

/** Somebody who was in a call. */
export interface CallParticipant {
  readonly participant_id: string;
  readonly name: string;
  readonly subject: string | null;
  readonly role: string;
  readonly stays: readonly Stay[];
  readonly duration_s: number;
  readonly browser: string;
  readonly os: string;
  readonly sdk: string;
  readonly via: string;
  readonly transport: string | null;
  readonly codecs: readonly string[];
  readonly quality: Quality;
  readonly mos: number | null;
  readonly hints: readonly Hint[];
}

/** Something that happened to a participant. */
export interface CallEvent {
  readonly id: string;
  readonly at: string;
  readonly participant_id: string;
  readonly kind: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** How a track was in ten seconds. */
export interface QualityPoint {
  readonly at: string;
  readonly packet_loss_ratio: number | null;
  readonly jitter_ms: number | null;
  readonly round_trip_time_ms: number | null;
  readonly bitrate_bps: number | null;
  readonly frames_per_second: number | null;
}

export interface TrackCourse {
  readonly direction: 'sent' | 'received';
  readonly kind: 'audio' | 'video';
  readonly source: string | null;
  readonly codec: string | null;
  readonly points: readonly QualityPoint[];
}

/** How the media of somebody was in the course of a call. */
export interface QualityCourse {
  readonly participant_id: string;
  readonly tracks: readonly TrackCourse[];
}

/** What calls are narrowed to; dates are `YYYY-MM-DD` in the tenant's time zone, both included. */
export interface CallFilter {
  readonly app_id?: string | undefined;
  readonly room?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly state?: string | undefined;
  readonly participant?: string | undefined;
  readonly quality?: string | undefined;
}

/** How often a call that goes on is asked for again, milliseconds. */
const LIVE_MS = 15_000;
/** Most pages of a list that a screen needs whole: enough for a call of a thousand people. */
const MOST_PAGES = 20;

export async function listCalls(
  tenant: string,
  filter: CallFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Call>> {
  const query = { ...filter, limit: PAGE_ROWS, cursor };
  return planned('GET', '/v1/calls', { tenant, query, signal });
}

export const callQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'call', id],
    queryFn: ({ signal }) => planned<CallDetail>('GET', `/v1/calls/${id}`, { tenant, signal }),
    refetchInterval: (query) => (query.state.data?.is_live === false ? false : LIVE_MS),
  });

/** Everything that a call's screen draws on one time axis. */
export const callCourseQuery = (tenant: string, id: string, isLive: boolean) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'call', id, 'course'],
    queryFn: async ({ signal }) => {
      const path = `/v1/calls/${id}`;
      const [participants, events, quality] = await Promise.all([
        everyPage<CallParticipant>(tenant, `${path}/participants`, signal),
        everyPage<CallEvent>(tenant, `${path}/events`, signal),
        planned<{ readonly data: readonly QualityCourse[] }>('GET', `${path}/quality`, {
          tenant,
          signal,
        }),
      ]);
      return { participants, events, quality: quality.data };
    },
    refetchInterval: isLive ? LIVE_MS : false,
  });

async function everyPage<Row>(
  tenant: string,
  path: string,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const query: { limit: number; cursor: string | null } = { limit: 100, cursor };
    const page: Page<Row> = await planned('GET', path, { tenant, query, signal });
    rows.push(...page.data);
    cursor = page.next_cursor ?? null;
    if (cursor === null) break;
  }
  return rows;
}
