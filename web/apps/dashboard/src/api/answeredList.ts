import type { UseQueryResult } from '@tanstack/react-query';
import type { KeysetList } from './useKeysetQuery';

/** An answer that holds all its rows at once, as a list for a table. */
export function answeredList<Data, Row>(
  query: UseQueryResult<Data>,
  rowsOf: (data: Data) => readonly Row[],
): KeysetList<Row> {
  return {
    rows: query.data === undefined ? [] : rowsOf(query.data),
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

/** Rows that are there already, as a list for a table. */
export function wholeList<Row>(rows: readonly Row[]): KeysetList<Row> {
  const nothing = () => undefined;
  const at = { isLoading: false, error: null, hasMore: false, isLoadingMore: false };
  return { ...at, rows, loadMore: nothing, retry: nothing };
}
