import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import type { Page } from './api';

/** A list that grows by pages. */
export interface KeysetList<Row> {
  readonly rows: readonly Row[];
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

export interface KeysetOptions {
  /** Holds the question back until what it names is known. */
  readonly isReady?: boolean;
  /** Asks again so often, milliseconds. */
  readonly everyMs?: number;
}

/** Asks for a list page by page; `fetchPage` gets the cursor of the page before, or `null`. */
export function useKeysetQuery<Row>(
  key: QueryKey,
  fetchPage: (cursor: string | null, signal: AbortSignal) => Promise<Page<Row>>,
  { isReady = true, everyMs }: KeysetOptions = {},
): KeysetList<Row> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    enabled: isReady,
    ...(everyMs !== undefined && { refetchInterval: everyMs }),
  });
  return {
    rows: query.data?.pages.flatMap((page) => page.data) ?? [],
    isLoading: query.isPending,
    error: query.error,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => {
      query.fetchNextPage().catch(() => undefined);
    },
    retry: () => {
      query.refetch().catch(() => undefined);
    },
  };
}
