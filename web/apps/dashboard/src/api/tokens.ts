import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api } from './api';
import type { AppOf } from './appKeys';
import { tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** A token that the server signed, and the link with it; none where it opens every room. */
export type CreatedToken = Schemas['CreatedToken'];
/** What a join with a token would be told, and what the token says of itself. */
export type CheckedToken = Schemas['CheckedToken'];

export async function createToken(
  { tenant, app }: AppOf,
  body: Schemas['CreateToken'],
): Promise<CreatedToken> {
  const params = { header: tenantHeader(tenant), path: { app_id: app } };
  return answer(api.POST('/v1/apps/{app_id}/tokens', { params, body }));
}

/** Uses nothing up. */
export const checkedTokenQuery = ({ tenant, app }: AppOf, token: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'app', app, 'checked_token', token],
    queryFn: ({ signal }) => {
      const params = { header: tenantHeader(tenant), path: { app_id: app } };
      const body = { token };
      return answer(api.POST('/v1/apps/{app_id}/tokens/check', { params, body, signal }));
    },
    // A token that is fine now is over in a while.
    staleTime: 0,
    gcTime: 0,
  });
