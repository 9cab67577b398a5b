import { queryOptions } from '@tanstack/react-query';
import { planned } from './planned';

/** How good a call or somebody's connection was. */
export const QUALITIES = ['good', 'fair', 'poor', 'unknown'] as const;
export type Quality = (typeof QUALITIES)[number];

/** The numbers of a span of days. */
export interface Totals {
  readonly calls: number;
  readonly participant_minutes: number;
  readonly participants: number;
  readonly peak_participants: number;
  readonly monthly_active_users: number;
  readonly one_on_one_share: number | null;
  readonly good_quality_share: number | null;
  readonly median_duration_s: number | null;
}

export interface OverviewDay {
  /** `YYYY-MM-DD` in the tenant's time zone. */
  readonly date: string;
  readonly calls: number;
  readonly participant_minutes: number;
  readonly participants: number;
  readonly peak_participants: number;
  readonly good_quality_share: number | null;
}

export interface Overview {
  /** IANA name. */
  readonly time_zone: string;
  readonly live: { readonly calls: number; readonly participants: number };
  readonly totals: Totals;
  /** Of as many days before. */
  readonly previous: Totals;
  readonly days: readonly OverviewDay[];
  /** Calls begun, by weekday (Monday first) and hour. */
  readonly hours: readonly (readonly number[])[];
  readonly top_rooms: readonly {
    readonly app_id: string;
    readonly room: string;
    readonly calls: number;
    readonly participant_minutes: number;
  }[];
  readonly clients: readonly {
    readonly browser: string;
    readonly os: string;
    readonly participants: number;
  }[];
}

/** What numbers are narrowed to; dates are `YYYY-MM-DD` in the tenant's time zone, both included. */
export interface NumbersFilter {
  readonly app_id?: string | undefined;
  readonly from: string;
  readonly until: string;
}

/** How often what is live is asked for again, milliseconds. */
const LIVE_MS = 15_000;

export const overviewQuery = (tenant: string, filter: NumbersFilter) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'overview', filter],
    queryFn: ({ signal }) =>
      planned<Overview>('GET', '/v1/overview', { tenant, query: { ...filter }, signal }),
    refetchInterval: LIVE_MS,
  });
