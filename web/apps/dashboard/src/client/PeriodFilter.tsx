import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { tenantQuery } from '../api/tenant';
import { PeriodPicker } from '../parts/PeriodPicker';
import { todayIn } from '../parts/period';
import { useClient } from './useClient';
import { useFilters } from './useFilters';
import { usePeriod } from './usePeriod';

/** Chooses the days of a screen; the choice stands in the address. */
export function PeriodFilter(): ReactNode {
  const { tenantId } = useClient();
  const zone = useQuery(tenantQuery(tenantId)).data?.time_zone;
  const { setFilters } = useFilters();
  const period = usePeriod();
  if (zone === undefined || !period) return null;
  return (
    <PeriodPicker
      period={period}
      zone={zone}
      today={todayIn(zone)}
      onChoose={({ period, from, until }) => setFilters({ period, from, until })}
    />
  );
}
