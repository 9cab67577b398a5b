import { dayStart } from '../parts/dayStart';
import { addDays } from '../parts/period';
import { useFilters } from './useFilters';
import { usePeriod } from './usePeriod';
import { useZone } from './useZone';

/** Filters of every list of calls and of what became of them; the period is not among them. */
const SHARED = ['app', 'room', 'participant'];

/**
 * What the address narrows a list of calls to, as the API asks for it; `own` are the filters that
 * the list has besides those that every such list has.
 */
export function useNarrowing(own: readonly string[]) {
  const { filters, setFilters } = useFilters();
  const zone = useZone();
  const period = usePeriod();
  const names = [...SHARED, ...own];
  return {
    filters,
    setFilters,
    narrowing: {
      app_id: filters.app,
      room: filters.room,
      participant: filters.participant,
      ...(period &&
        zone && {
          from: dayStart(period.from, zone),
          until: dayStart(addDays(period.until, 1), zone),
        }),
    },
    /** Whether the tenant's clock is known, without which there are no days. */
    isReady: period !== null,
    isNarrowed: names.some((name) => filters[name]),
    /** Takes every filter but the period away. */
    widen: () => setFilters(Object.fromEntries(names.map((name) => [name, undefined]))),
  };
}
