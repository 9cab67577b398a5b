import { useNavigate, useSearch } from '@tanstack/react-router';

/** What a screen is narrowed to, as it stands in the address. */
export type Filters = Readonly<Record<string, string | undefined>>;

/** The filters of the address, and the way to change some; `undefined` takes one away. */
export function useFilters(): {
  readonly filters: Filters;
  readonly setFilters: (change: Filters) => void;
} {
  const filters: Filters = useSearch({ strict: false });
  const navigate = useNavigate();
  return {
    filters,
    setFilters: (change) => {
      navigate({
        to: '.',
        // A route reads only what it knows, so foreign names cannot slip in.
        search: (before: Filters) => given({ ...before, ...change }),
        replace: true,
        resetScroll: false,
      } as Parameters<typeof navigate>[0]).catch(() => undefined);
    },
  };
}

function given(filters: Filters): Filters {
  return Object.fromEntries(
    Object.entries(filters).filter(([, value]) => value !== undefined && value !== ''),
  );
}
