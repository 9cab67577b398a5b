import { ApiProblem } from './ApiProblem';

export interface TransportOptions {
  /** Replaces the browser's `fetch`, for tests. */
  readonly fetch?: typeof fetch;
}

export interface RequestOptions {
  /** The tenant that the request acts on, `ten_…`; without it the only one of the person. */
  readonly tenant?: string;
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/** Sends one request and resolves with its JSON; rejects with `ApiProblem`. */
export type Transport = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options?: RequestOptions,
) => Promise<unknown>;

/** The one place where requests leave the page. */
export function createTransport(options: TransportOptions = {}): Transport {
  return async (method, path, { tenant, query, body, signal } = {}) => {
    const headers = {
      ...(body && { 'content-type': 'application/json' }),
      ...(tenant && { 'x-jumpa-tenant': tenant }),
    };
    const send = options.fetch ?? fetch;
    let response: Response;
    try {
      response = await send(path + queryString(query), {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw ApiProblem.unreachable(cause);
    }
    if (!response.ok) throw await ApiProblem.read(response);
    return response.status === 204 ? null : response.json();
  };
}

function queryString(query: RequestOptions['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
