import { describe, expect, it } from 'vitest';
import { ApiProblem } from './ApiProblem';

describe('ApiProblem.read', () => {
  it('takes code, field, request id and pause from a refusal', async () => {
    const response = Response.json(
      { code: 'invalid_value', title: 'a field has a wrong value', field: 'email', status: 422 },
      { status: 422, headers: { 'x-request-id': 'req_1', 'retry-after': '30' } },
    );
    expect(await ApiProblem.read(response)).toMatchObject({
      code: 'invalid_value',
      message: 'a field has a wrong value',
      field: 'email',
      status: 422,
      requestId: 'req_1',
      retryAfterMs: 30_000,
    });
  });

  it('makes `internal` of an answer that is no problem document', async () => {
    const problem = await ApiProblem.read(
      new Response('<html>bad gateway</html>', { status: 502 }),
    );
    expect(problem).toMatchObject({ code: 'internal', status: 502, requestId: null });
  });

  it('ignores fields of a wrong type', async () => {
    const response = Response.json({ code: 7, detail: [], field: null }, { status: 400 });
    expect(await ApiProblem.read(response)).toMatchObject({ code: 'internal', detail: null });
  });
});
