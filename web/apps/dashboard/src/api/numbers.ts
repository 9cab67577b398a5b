import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { given } from './given';
import { planned } from './planned';
import { tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** The numbers of a span of days, with those of as many days before. */
export type Overview = Schemas['Overview'];
export type OverviewDay = Schemas['UsageDay'];

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
      answer(
        api.GET('/v1/overview', {
          params: { header: tenantHeader(tenant), query: given(filter) },
          signal,
        }),
      ),
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
