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

/** What one app used in a day or month. */
export interface UsageRow {
  /** `YYYY-MM-DD` or `YYYY-MM`, in the tenant's time zone. */
  readonly period: string;
  readonly app_id: string;
  readonly app_name: string;
  readonly calls: number;
  readonly participant_minutes: number;
  readonly participants: number;
  readonly peak_participants: number;
  readonly monthly_active_users: number;
}

/** What an app may use, and what it uses. */
export interface LimitUse {
  readonly name: string;
  readonly used: number;
  readonly limit: number | null;
  readonly ratio: number | null;
  /** From 80 %: a warning. */
  readonly alert: 'none' | 'warning' | 'reached';
}

export interface AppLimits {
  readonly app_id: string;
  readonly app_name: string;
  readonly limits: readonly LimitUse[];
}

/** What one tenant used in a month, for the operator. */
export interface TenantUsage {
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly apps: number;
  readonly calls: number;
  readonly participant_minutes: number;
  readonly participants: number;
  readonly peak_participants: number;
  readonly monthly_active_users: number;
}

interface All<Row> {
  readonly data: readonly Row[];
}

export const usageQuery = (tenant: string, filter: NumbersFilter, group: 'day' | 'month') =>
  queryOptions({
    queryKey: ['tenant', tenant, 'usage', filter, group],
    queryFn: ({ signal }) =>
      planned<All<UsageRow>>('GET', '/v1/usage', { tenant, query: { ...filter, group }, signal }),
  });

export const limitsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'limits'],
    queryFn: ({ signal }) => planned<All<AppLimits>>('GET', '/v1/usage/limits', { tenant, signal }),
  });

/** `month` is `YYYY-MM`. */
export const tenantUsageQuery = (month: string) =>
  queryOptions({
    queryKey: ['operator', 'usage', month],
    queryFn: ({ signal }) =>
      planned<All<TenantUsage>>('GET', '/v1/operator/usage', { query: { month }, signal }),
  });
