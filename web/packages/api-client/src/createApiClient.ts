import createClient, { type Client } from 'openapi-fetch';
import { ApiProblem } from './ApiProblem';
import type { paths } from './generated/openapi';

export interface ApiClientOptions {
  /** Where the server is, `https://call.example.com`. */
  readonly baseUrl: string;
  /** Replaces the browser's `fetch`, for tests. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export type ApiClient = Client<paths>;

/**
 * Requests to the HTTP API with the types of `openapi.json`; refusals reject with `ApiProblem`.
 *
 * ```ts
 * const api = createApiClient({ baseUrl: 'https://call.example.com' });
 * const me = await answer(api.GET('/v1/me'));
 * ```
 */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const client = createClient<paths>(options);
  client.use({
    onResponse: async ({ response }) => {
      if (!response.ok) throw await ApiProblem.read(response);
    },
    onError: ({ error, request }) => {
      // Whoever stopped waiting hears no complaint about the network.
      if (request.signal.aborted) return;
      return ApiProblem.unreachable(error);
    },
  });
  return client;
}

/** The body of an answer; a request that was refused has rejected before. */
export async function answer<Data>(
  request: Promise<{ readonly data?: Data | undefined; readonly response: Response }>,
): Promise<NonNullable<Data>> {
  const { data, response } = await request;
  if (data !== undefined && data !== null) return data;
  throw new ApiProblem(
    { code: 'internal', title: 'the answer is empty' },
    {
      status: response.status,
      requestId: response.headers.get('x-request-id'),
      retryAfterMs: null,
    },
  );
}
