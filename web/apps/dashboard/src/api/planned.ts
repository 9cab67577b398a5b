import { answer } from '@jumpa/api-client';
import { api, PAGE_ROWS, type Page } from './api';

/** What a request outside `openapi.json` carries. */
export interface PlannedInit {
  /** The tenant that the request acts on, `ten_…`. */
  readonly tenant?: string;
  readonly query?: Readonly<Record<string, string | number | null | undefined>>;
  readonly body?: object;
  readonly signal?: AbortSignal;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
type Loose = (
  method: Lowercase<Method>,
  path: string,
  init: object,
) => Promise<{ data?: unknown; response: Response }>;

/**
 * Sends a request whose operation is agreed and not yet in `openapi.json`; the types stand at the
 * caller. Each goes to the typed client as its operation lands.
 */
export async function planned<Data>(
  method: Method,
  path: string,
  { tenant, query, body, signal }: PlannedInit = {},
): Promise<Data> {
  const send = api.request as unknown as Loose;
  const given = Object.entries(query ?? {}).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  const request = send(method.toLowerCase() as Lowercase<Method>, path, {
    params: {
      query: Object.fromEntries(given),
      header: tenant ? { 'X-Jumpa-Tenant': tenant } : {},
    },
    ...(body && { body }),
    ...(signal && { signal }),
  });
  const { response } = await request;
  return (response.status === 204 ? undefined : await answer(request)) as Data;
}

/** Asks for one page of a list whose operation is planned. */
export function plannedPage<Row>(
  path: string,
  init: Omit<PlannedInit, 'body' | 'signal'> = {},
): (cursor: string | null, signal: AbortSignal) => Promise<Page<Row>> {
  return (cursor, signal) =>
    planned('GET', path, {
      ...init,
      query: { ...init.query, limit: PAGE_ROWS, cursor },
      signal,
    });
}
