import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api, PAGE_ROWS, type Page } from './api';
import { tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** An app as its tenant sees it. */
export type ClientApp = Schemas['App'];
/** What people without a token may do. */
export type GuestPolicy = Schemas['GuestPolicy'];
/** What calls of an app offer. */
export type Features = Schemas['Features'];
/** The app's own look; `null` where it is the server's. */
export type Branding = Schemas['Branding'];
/** How much an app may use; `null` is without limit. */
export type AppLimits = Schemas['AppLimits'];
/** What can be changed of an app. */
export type AppChange = Schemas['UpdateApp'];

/** Most apps that the switcher lists; whoever has more finds them in the table of apps. */
const SWITCHER_APPS = 200;

export const appsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'apps'],
    queryFn: async ({ signal }) => {
      const params = { header: tenantHeader(tenant), query: { limit: SWITCHER_APPS } };
      return (await answer(api.GET('/v1/apps', { params, signal }))).data;
    },
  });

/** Those in use, or those that were deleted and can still be restored. */
export async function listApps(
  tenant: string,
  which: 'used' | 'deleted',
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<ClientApp>> {
  const query = {
    limit: PAGE_ROWS,
    ...(which === 'deleted' && { status: which }),
    ...(cursor !== null && { cursor }),
  };
  return answer(api.GET('/v1/apps', { params: { header: tenantHeader(tenant), query }, signal }));
}

export async function createApp(tenant: string, body: Schemas['CreateApp']): Promise<ClientApp> {
  return answer(api.POST('/v1/apps', { params: { header: tenantHeader(tenant) }, body }));
}

export async function changeApp(
  tenant: string,
  app_id: string,
  body: AppChange,
): Promise<ClientApp> {
  const params = { header: tenantHeader(tenant), path: { app_id } };
  return answer(api.PATCH('/v1/apps/{app_id}', { params, body }));
}

/** For 30 days it can be restored. */
export async function deleteApp(tenant: string, app_id: string): Promise<ClientApp> {
  const params = { header: tenantHeader(tenant), path: { app_id } };
  return answer(api.DELETE('/v1/apps/{app_id}', { params }));
}

export async function restoreApp(tenant: string, app_id: string): Promise<ClientApp> {
  const params = { header: tenantHeader(tenant), path: { app_id } };
  return answer(api.POST('/v1/apps/{app_id}/restore', { params }));
}
