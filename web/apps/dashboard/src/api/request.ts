import { createTransport } from '@jumpa/api-client';

/** Sends the requests of every screen; tests and the gallery replace `window.fetch` behind it. */
export const request = createTransport({ fetch: (...args) => window.fetch(...args) });

/** One page of a list. */
export interface Page<Row> {
  readonly data: readonly Row[];
  readonly next_cursor: string | null;
}
