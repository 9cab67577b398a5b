import type { UseQueryResult } from '@tanstack/react-query';
import type { RecordingFleet } from '../../api/recorders';
import type { KeysetList } from '../../api/useKeysetQuery';

/** A part of what the server says of the recorders, for parts that draw lists by pages. */
export function fleetList<Row>(
  fleet: UseQueryResult<RecordingFleet>,
  rows: (fleet: RecordingFleet) => readonly Row[],
): KeysetList<Row> {
  return {
    rows: fleet.data ? rows(fleet.data) : [],
    isLoading: fleet.isPending,
    error: fleet.error,
    hasMore: false,
    isLoadingMore: false,
    loadMore: () => undefined,
    retry: () => {
      fleet.refetch().catch(() => undefined);
    },
  };
}
