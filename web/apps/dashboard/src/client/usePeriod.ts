import { useQuery } from '@tanstack/react-query';
import { tenantQuery } from '../api/tenant';
import { type Period, periodOf, todayIn } from '../parts/period';
import { useClient } from './useClient';
import { useFilters } from './useFilters';

/** The period of the address by the tenant's clock; `null` until that clock is known. */
export function usePeriod(): Period | null {
  const { tenantId } = useClient();
  const zone = useQuery(tenantQuery(tenantId)).data?.time_zone;
  const { filters } = useFilters();
  return zone === undefined ? null : periodOf(filters, todayIn(zone));
}
