import { createApiClient } from '@jumpa/api-client';

/** Sends the requests of every screen; tests and the gallery replace `window.fetch` behind it. */
export const api = createApiClient({
  baseUrl: window.location.origin,
  fetch: (request) => window.fetch(request),
});

/** One page of a list. */
export interface Page<Row> {
  readonly data: readonly Row[];
  readonly next_cursor?: string | null | undefined;
}

/** How many rows a screen asks for at once: about three screens of a table. */
export const PAGE_ROWS = 50;
