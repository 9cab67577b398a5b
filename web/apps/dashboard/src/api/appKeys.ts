import { answer, type components } from '@jumpa/api-client';
import { api, PAGE_ROWS, type Page } from './api';
import { planned, plannedPage } from './planned';
import { tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** How tokens of a key are signed. */
export type KeyKind = Schemas['KeyKind'];
/** A key that signs tokens of an app. */
export type AppKey = Schemas['AppKey'];
/** A new key; the secret, if it has one, comes with it. */
export type NewAppKey = Schemas['NewAppKey'];

/** The app that a key belongs to. */
export interface AppOf {
  readonly tenant: string;
  readonly app: string;
}

const paramsOf = ({ tenant, app }: AppOf) => ({
  header: tenantHeader(tenant),
  path: { app_id: app },
});

export async function listKeys(
  of: AppOf,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<AppKey>> {
  const query = { limit: PAGE_ROWS, ...(cursor !== null && { cursor }) };
  const params = { ...paramsOf(of), query };
  return answer(api.GET('/v1/apps/{app_id}/keys', { params, signal }));
}

export async function createKey(of: AppOf, body: Schemas['CreateAppKey']): Promise<NewAppKey> {
  return answer(api.POST('/v1/apps/{app_id}/keys', { params: paramsOf(of), body }));
}

/** Makes a successor; the old key signs on for `overlap_s` seconds. */
export async function rotateKey(
  of: AppOf,
  key_id: string,
  body: Schemas['RotateAppKey'],
): Promise<NewAppKey> {
  const { header, path } = paramsOf(of);
  const params = { header, path: { ...path, key_id } };
  return answer(api.POST('/v1/apps/{app_id}/keys/{key_id}/rotate', { params, body }));
}

export async function revokeKey(of: AppOf, key_id: string): Promise<void> {
  const { header, path } = paramsOf(of);
  const params = { header, path: { ...path, key_id } };
  await api.POST('/v1/apps/{app_id}/keys/{key_id}/revoke', { params });
}

/** Needs a proof. */
export async function revealSecret(of: AppOf, key_id: string): Promise<string> {
  const { header, path } = paramsOf(of);
  const params = { header, path: { ...path, key_id } };
  return (await answer(api.POST('/v1/apps/{app_id}/keys/{key_id}/secret', { params }))).secret;
}

/** A secret with which the tenant's server calls the API. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** The beginning, by which people recognise it. */
  readonly prefix: string;
  readonly created_at: string;
  readonly last_used_at: string | null;
}

export async function listApiKeys(
  { tenant, app }: AppOf,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<ApiKey>> {
  return plannedPage<ApiKey>(`/v1/apps/${app}/api_keys`, { tenant })(cursor, signal);
}

export async function createApiKey(
  { tenant, app }: AppOf,
  body: { readonly name: string },
): Promise<{ readonly api_key: ApiKey; readonly secret: string }> {
  return planned('POST', `/v1/apps/${app}/api_keys`, { tenant, body });
}

export async function revokeApiKey({ tenant, app }: AppOf, id: string): Promise<void> {
  await planned('DELETE', `/v1/apps/${app}/api_keys/${id}`, { tenant });
}
