import { answer, type components } from '@jumpa/api-client';
import { api, PAGE_ROWS, type Page } from './api';

/** An app as the operator sees it. */
export type OperatorApp = components['schemas']['OperatorApp'];

/** A new app with its first key; the secret is told this once. */
export type CreatedApp = components['schemas']['CreatedApp'];

/** Of the whole platform, or of one tenant. */
export async function listOperatorApps(
  tenant_id: string | undefined,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<OperatorApp>> {
  const query = {
    limit: PAGE_ROWS,
    ...(tenant_id && { tenant_id }),
    ...(cursor !== null && { cursor }),
  };
  return answer(api.GET('/v1/operator/apps', { params: { query }, signal }));
}

export async function createOperatorApp(
  body: components['schemas']['CreateOperatorApp'],
): Promise<CreatedApp> {
  return answer(api.POST('/v1/operator/apps', { body }));
}

export async function changeOperatorApp(
  app_id: string,
  body: components['schemas']['UpdateOperatorApp'],
): Promise<OperatorApp> {
  return answer(api.PATCH('/v1/operator/apps/{app_id}', { params: { path: { app_id } }, body }));
}
