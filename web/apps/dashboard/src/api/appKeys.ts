import { answer, type components } from '@jumpa/api-client';
import { api, PAGE_ROWS, type Page } from './api';
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

/** A secret with which the tenant's server calls the API; known by its beginning. */
export type ApiKey = Schemas['ApiKey'];

/** All of an app: there are few. */
export async function listApiKeys(of: AppOf, signal: AbortSignal): Promise<readonly ApiKey[]> {
  const params = paramsOf(of);
  return (await answer(api.GET('/v1/apps/{app_id}/api_keys', { params, signal }))).data;
}

export async function createApiKey(
  of: AppOf,
  body: Schemas['CreateApiKey'],
): Promise<Schemas['CreatedApiKey']> {
  return answer(api.POST('/v1/apps/{app_id}/api_keys', { params: paramsOf(of), body }));
}

export async function revokeApiKey(of: AppOf, api_key_id: string): Promise<void> {
  const { header, path } = paramsOf(of);
  const params = { header, path: { ...path, api_key_id } };
  await api.DELETE('/v1/apps/{app_id}/api_keys/{api_key_id}', { params });
}
