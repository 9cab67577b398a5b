import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api, PAGE_ROWS, type Page } from './api';
import { given } from './given';
import { type Role, tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** Where people log in instead of with a password. The server never tells its secret. */
export type IdentityProvider = Schemas['IdentityProvider'];
/** A provider as those see it whom it names. */
export type TenantIdentityProvider = Schemas['TenantIdentityProvider'];

/** What somebody may become by being named by a provider: owners are made by owners. */
export const NEW_ROLES = ['admin', 'developer', 'agent', 'viewer'] as const satisfies Role[];

export const PROVIDERS_KEY = ['operator', 'identity_providers'];

/** What has to be registered with every provider; the dashboard's own address is the server's. */
export const redirectAddress = () => `${window.location.origin}/v1/oidc/callback`;

export async function listIdentityProviders(
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<IdentityProvider>> {
  const params = { query: given({ limit: PAGE_ROWS, cursor }) };
  return answer(api.GET('/v1/operator/identity_providers', { params, signal }));
}

export async function createIdentityProvider(
  body: Schemas['CreateIdentityProvider'],
): Promise<IdentityProvider> {
  return answer(api.POST('/v1/operator/identity_providers', { body }));
}

export async function changeIdentityProvider(
  identity_provider_id: string,
  body: Schemas['UpdateIdentityProvider'],
): Promise<IdentityProvider> {
  const params = { path: { identity_provider_id } };
  return answer(
    api.PATCH('/v1/operator/identity_providers/{identity_provider_id}', { params, body }),
  );
}

export async function deleteIdentityProvider(identity_provider_id: string): Promise<void> {
  const params = { path: { identity_provider_id } };
  await api.DELETE('/v1/operator/identity_providers/{identity_provider_id}', { params });
}

/** Those that name people of a tenant. */
export const tenantProvidersQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'identity_providers'],
    queryFn: async ({ signal }) => {
      const params = { header: tenantHeader(tenant) };
      return (await answer(api.GET('/v1/tenant/identity_providers', { params, signal }))).data;
    },
  });
