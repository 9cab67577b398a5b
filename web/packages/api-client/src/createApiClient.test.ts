import { describe, expect, it } from 'vitest';
import { answer, createApiClient } from './createApiClient';

const baseUrl = 'https://call.example';
const me = { email: 'rina@jumpa.example', name: 'Rina', is_operator: true };

describe('createApiClient', () => {
  it('gives the body of an answer', async () => {
    const api = createApiClient({ baseUrl, fetch: async () => Response.json(me) });
    expect(await answer(api.GET('/v1/me'))).toEqual(me);
  });

  it('rejects with the problem of a refusal', async () => {
    const fetch = async () => Response.json({ code: 'unauthenticated' }, { status: 401 });
    const api = createApiClient({ baseUrl, fetch });
    await expect(answer(api.GET('/v1/me'))).rejects.toMatchObject({
      name: 'ApiProblem',
      code: 'unauthenticated',
      status: 401,
    });
  });

  it('says that the server cannot be reached', async () => {
    const fetch = () => Promise.reject(new TypeError('no network'));
    const api = createApiClient({ baseUrl, fetch });
    await expect(api.GET('/v1/me')).rejects.toMatchObject({ code: 'server_unreachable' });
  });

  it('leaves a request that was given up alone', async () => {
    const stop = new AbortController();
    stop.abort();
    const fetch = () => Promise.reject(new DOMException('stopped', 'AbortError'));
    const api = createApiClient({ baseUrl, fetch });
    await expect(api.GET('/v1/me', { signal: stop.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
