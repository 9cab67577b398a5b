import { answer, type components } from '@jumpa/api-client';
import { api, PAGE_ROWS, type Page } from './api';
import type { AppOf } from './appKeys';
import { tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** Somebody, known by the subject of their tokens, who may not join calls of an app. */
export type Ban = Schemas['Ban'];

const paramsOf = ({ tenant, app }: AppOf) => ({
  header: tenantHeader(tenant),
  path: { app_id: app },
});

export async function listBans(
  of: AppOf,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Ban>> {
  const query = { limit: PAGE_ROWS, ...(cursor !== null && { cursor }) };
  return answer(api.GET('/v1/apps/{app_id}/bans', { params: { ...paramsOf(of), query }, signal }));
}

/** Holds within ten seconds, for running calls too. */
export async function createBan(of: AppOf, body: Schemas['CreateBan']): Promise<Ban> {
  return answer(api.POST('/v1/apps/{app_id}/bans', { params: paramsOf(of), body }));
}

export async function liftBan(of: AppOf, ban_id: string): Promise<void> {
  const { header, path } = paramsOf(of);
  await api.DELETE('/v1/apps/{app_id}/bans/{ban_id}', {
    params: { header, path: { ...path, ban_id } },
  });
}
