import type { UseQueryResult } from '@tanstack/react-query';
import type { KeysetList } from './useKeysetQuery';

/** A list that the server gives as a whole, for parts that draw lists by pages. */
export function wholeList<Row>(query: UseQueryResult<readonly Row[]>): KeysetList<Row> {
  return {
    rows: query.data ?? [],
    isLoading: query.isPending,
    error: query.error,
    hasMore: false,
    isLoadingMore: false,
    loadMore: () => undefined,
    retry: () => {
      query.refetch().catch(() => undefined);
    },
  };
}
