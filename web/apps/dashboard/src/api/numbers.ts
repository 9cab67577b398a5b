import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { given } from './given';
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
export type UsageRow = Schemas['UsageRow'];
/** What an app may use, and what it uses. */
export type AppUsageLimits = Schemas['AppUsageLimits'];
/** What one tenant used in a month, for the operator. */
export type TenantUsage = Schemas['TenantUsage'];

export const usageQuery = (tenant: string, filter: NumbersFilter, group: 'day' | 'month') =>
  queryOptions({
    queryKey: ['tenant', tenant, 'usage', filter, group],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/v1/usage', {
          params: { header: tenantHeader(tenant), query: { ...given(filter), group } },
          signal,
        }),
      ),
  });

export const limitsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'limits'],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/usage/limits', { params: { header: tenantHeader(tenant) }, signal })),
  });

/** `month` is `YYYY-MM`. */
export const tenantUsageQuery = (month: string) =>
  queryOptions({
    queryKey: ['operator', 'usage', month],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/operator/usage', { params: { query: { month } }, signal })),
  });
