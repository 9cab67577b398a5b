import { queryOptions } from '@tanstack/react-query';
import type { Page } from './api';
import { planned } from './planned';

/** What people without a token may do. */
export type GuestPolicy = 'refused' | 'wait' | 'join';

/** An app as its tenant sees it. */
export interface ClientApp {
  readonly id: string;
  readonly name: string;
  readonly environment: 'trial' | 'production';
  readonly is_disabled: boolean;
  readonly guests: GuestPolicy;
  readonly max_participants: number;
  readonly origins: readonly string[];
  /** RFC 3339, UTC. */
  readonly created_at: string;
}

/** How tokens of a key are signed. */
export type KeyKind = 'hs256' | 'rs256' | 'es256' | 'ed25519';

/** A key that signs tokens of an app. */
export interface AppKey {
  readonly id: string;
  readonly kind: KeyKind;
  readonly status: 'active' | 'retiring' | 'revoked';
  /** RFC 3339, UTC. */
  readonly created_at: string;
  /** Until when a key that was replaced still signs, RFC 3339, UTC. */
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
}

/** A new key; the secret, if it has one, is told this once. */
export interface CreatedAppKey {
  readonly key: AppKey;
  readonly secret: string | null;
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

/** Most apps that the switcher lists; whoever has more finds them in the table of apps. */
const SWITCHER_APPS = 200;

export const appsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'apps'],
    queryFn: async ({ signal }) => {
      const query = { limit: SWITCHER_APPS };
      return (await planned<Page<ClientApp>>('GET', '/v1/apps', { tenant, query, signal })).data;
    },
  });

export async function createApp(tenant: string, body: { readonly name: string }) {
  return planned<ClientApp>('POST', '/v1/apps', { tenant, body });
}

export async function changeApp(
  tenant: string,
  app: string,
  body: Partial<Pick<ClientApp, 'name' | 'guests' | 'origins' | 'is_disabled'>>,
): Promise<ClientApp> {
  return planned('PATCH', `/v1/apps/${app}`, { tenant, body });
}

export async function createKey(
  tenant: string,
  app: string,
  body: { readonly kind: KeyKind; readonly public_key?: string },
): Promise<CreatedAppKey> {
  return planned('POST', `/v1/apps/${app}/keys`, { tenant, body });
}

/** Makes a successor; the old key signs on for `overlap_s` seconds. */
export async function rotateKey(
  tenant: string,
  app: string,
  key: string,
  overlap_s: number,
): Promise<CreatedAppKey> {
  const body = { overlap_s };
  return planned('POST', `/v1/apps/${app}/keys/${key}/rotate`, { tenant, body });
}

export async function revokeKey(tenant: string, app: string, key: string): Promise<void> {
  await planned('POST', `/v1/apps/${app}/keys/${key}/revoke`, { tenant });
}

export async function createApiKey(
  tenant: string,
  app: string,
  body: { readonly name: string },
): Promise<{ readonly api_key: ApiKey; readonly secret: string }> {
  return planned('POST', `/v1/apps/${app}/api_keys`, { tenant, body });
}

export async function revokeApiKey(tenant: string, app: string, id: string): Promise<void> {
  await planned('DELETE', `/v1/apps/${app}/api_keys/${id}`, { tenant });
}
