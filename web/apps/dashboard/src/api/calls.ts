import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api, PAGE_ROWS, type Page } from './api';
import { given } from './given';
import { tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** One occurrence in a room, first join to last leave. */
export type Call = Schemas['Call'];
/** A call with what its participants said of it. */
export type CallDetail = Schemas['CallDetail'];
/** Somebody who was in a call. */
export type CallParticipant = Schemas['CallParticipant'];
/** Something that explains bad media; `share` of the time, or `count` times. */
export type Hint = Schemas['QualityHint'];
/** How the media of somebody was in the course of a call. */
export type QualityCourse = Schemas['ParticipantQuality'];
export type TrackCourse = Schemas['CallTrack'];
/** Which way a track goes, seen from the client. */
export type Direction = 'sent' | 'received';
/** How a track was in ten seconds. */
export type QualityPoint = Schemas['TrackPoint'];
/** How good the media was. */
export type Quality = Schemas['CallQuality'];
/** Every quality, the best first. */
export const QUALITIES: readonly Quality[] = ['good', 'fair', 'poor', 'unknown'];

/** Something that happened to a participant; what `detail` holds depends on `kind`. */
export type CallEvent = Omit<Schemas['CallEvent'], 'detail'> & {
  readonly detail: Readonly<Record<string, unknown>>;
};

/** What calls are narrowed to: begun at or after `from` and before `until`, RFC 3339. */
export interface CallFilter {
  readonly app_id?: string | undefined;
  readonly room?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly state?: 'live' | 'ended' | undefined;
  readonly participant?: string | undefined;
  readonly quality?: Quality | undefined;
}

/** How often a call that goes on is asked for again, milliseconds. */
const LIVE_MS = 15_000;
/** Events that the server gives at once, and most pages of them that a screen draws. */
const EVENT_ROWS = 200;
const MOST_PAGES = 20;

export async function listCalls(
  tenant: string,
  filter: CallFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Call>> {
  const query = given({ ...filter, limit: PAGE_ROWS, cursor });
  return answer(api.GET('/v1/calls', { params: { header: tenantHeader(tenant), query }, signal }));
}

export const callQuery = (tenant: string, call_id: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'call', call_id],
    queryFn: ({ signal }) => {
      const params = { header: tenantHeader(tenant), path: { call_id } };
      return answer(api.GET('/v1/calls/{call_id}', { params, signal }));
    },
    refetchInterval: (query) => (query.state.data?.is_live === false ? false : LIVE_MS),
  });

/** Everything that a call's screen draws on one time axis. */
export const callCourseQuery = (tenant: string, call_id: string, isLive: boolean) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'call', call_id, 'course'],
    queryFn: async ({ signal }) => {
      const params = { header: tenantHeader(tenant), path: { call_id } };
      const [participants, events, quality] = await Promise.all([
        answer(api.GET('/v1/calls/{call_id}/participants', { params, signal })),
        everyEvent(params, signal),
        answer(api.GET('/v1/calls/{call_id}/quality', { params, signal })),
      ]);
      return { participants: participants.data, events, quality: quality.data };
    },
    refetchInterval: isLive ? LIVE_MS : false,
  });

async function everyEvent(
  call: {
    readonly header: ReturnType<typeof tenantHeader>;
    readonly path: { readonly call_id: string };
  },
  signal: AbortSignal,
): Promise<readonly CallEvent[]> {
  const events: CallEvent[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const params = { ...call, query: given({ limit: EVENT_ROWS, cursor }) };
    const page: Page<CallEvent> = await answer(
      api.GET('/v1/calls/{call_id}/events', { params, signal }),
    );
    events.push(...page.data);
    cursor = page.next_cursor ?? null;
    if (cursor === null) break;
  }
  return events;
}
