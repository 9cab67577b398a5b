import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api, PAGE_ROWS, type Page } from './api';
import { given } from './given';
import { tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** An address that hears of events. */
export type Webhook = Schemas['Webhook'];
export type WebhookFormat = Webhook['format'];
/** One event on its way to one address. */
export type Delivery = Schemas['WebhookDelivery'];
/** A delivery with all that was said. */
export type DeliveryDetail = Schemas['DeliveryDetail'];

/** What people choose of an endpoint. */
export interface WebhookForm {
  readonly url: string;
  /** `null`: of every app. */
  readonly app_id: string | null;
  /** Names, or `*` alone for every event. */
  readonly events: readonly Schemas['WebhookEventChoice'][];
  readonly format: WebhookFormat;
}

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** How often the deliveries of an open endpoint are asked for again, milliseconds. */
export const DELIVERIES_MS = 10_000;

export const webhooksKey = (tenant: string) => ['tenant', tenant, 'webhooks'];

const paramsOf = (tenant: string, webhook_id: string) => ({
  header: tenantHeader(tenant),
  path: { webhook_id },
});
const deliveryParams = (tenant: string, delivery_id: string) => ({
  header: tenantHeader(tenant),
  path: { delivery_id },
});

export async function listWebhooks(
  tenant: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Webhook>> {
  const params = { header: tenantHeader(tenant), query: given({ limit: PAGE_ROWS, cursor }) };
  return answer(api.GET('/v1/webhooks', { params, signal }));
}

export const webhookQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: [...webhooksKey(tenant), id],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/webhooks/{webhook_id}', { params: paramsOf(tenant, id), signal })),
  });

export async function createWebhook(
  tenant: string,
  { events, ...form }: WebhookForm,
): Promise<Schemas['CreatedWebhook']> {
  const body = { ...form, events: [...events] };
  return answer(api.POST('/v1/webhooks', { params: { header: tenantHeader(tenant) }, body }));
}

export async function changeWebhook(
  tenant: string,
  id: string,
  body: Schemas['UpdateWebhook'],
): Promise<void> {
  await api.PATCH('/v1/webhooks/{webhook_id}', { params: paramsOf(tenant, id), body });
}

export async function deleteWebhook(tenant: string, id: string): Promise<void> {
  await api.DELETE('/v1/webhooks/{webhook_id}', { params: paramsOf(tenant, id) });
}

/** Makes a new secret; the old one signs as well for a day. */
export async function rotateWebhookSecret(
  tenant: string,
  id: string,
): Promise<Schemas['RotatedSecret']> {
  const params = paramsOf(tenant, id);
  return answer(api.POST('/v1/webhooks/{webhook_id}/rotate_secret', { params }));
}

/** Sends an event that nothing happened for. */
export async function testWebhook(tenant: string, id: string): Promise<void> {
  await api.POST('/v1/webhooks/{webhook_id}/test', { params: paramsOf(tenant, id) });
}

export async function resumeWebhook(tenant: string, id: string): Promise<void> {
  await api.POST('/v1/webhooks/{webhook_id}/resume', { params: paramsOf(tenant, id) });
}

export async function listDeliveries(
  tenant: string,
  id: string,
  status: DeliveryState | undefined,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Delivery>> {
  const query = given({ status, limit: PAGE_ROWS, cursor });
  const params = { ...paramsOf(tenant, id), query };
  return answer(api.GET('/v1/webhooks/{webhook_id}/deliveries', { params, signal }));
}

export const deliveryQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: [...webhooksKey(tenant), 'delivery', id],
    queryFn: ({ signal }) => {
      const params = deliveryParams(tenant, id);
      return answer(api.GET('/v1/webhook_deliveries/{delivery_id}', { params, signal }));
    },
  });

export async function resendDelivery(tenant: string, id: string): Promise<void> {
  const params = deliveryParams(tenant, id);
  await api.POST('/v1/webhook_deliveries/{delivery_id}/resend', { params });
}
