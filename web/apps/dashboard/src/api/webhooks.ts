import { queryOptions } from '@tanstack/react-query';
import { PAGE_ROWS, type Page } from './api';
import { planned } from './planned';

export type WebhookFormat = 'standard' | 'jaas';

/** An address that hears of events. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  /** `null`: of every app. */
  readonly app_id: string | null;
  /** Names, or `*` alone for every event. */
  readonly events: readonly string[];
  readonly format: WebhookFormat;
  readonly is_paused: boolean;
  readonly pause_reason: string | null;
  readonly created_at: string;
  readonly last_delivery_at: string | null;
  readonly last_status: string | null;
  readonly failing_since: string | null;
}

export interface WebhookForm {
  readonly url: string;
  readonly app_id: string | null;
  readonly events: readonly string[];
  readonly format: WebhookFormat;
}

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event on its way to one address. */
export interface Delivery {
  readonly id: string;
  readonly event_type: string;
  readonly event_id: string;
  readonly created_at: string;
  readonly status: DeliveryState;
  readonly attempts: number;
  readonly next_attempt_at: string | null;
  readonly last_status_code: number | null;
}

export interface DeliveryDetail extends Delivery {
  readonly request_body: string;
  readonly attempts_log: readonly {
    readonly at: string;
    readonly status_code: number | null;
    readonly error: string | null;
    readonly duration_ms: number;
    readonly response_body: string;
  }[];
}

/** How often the deliveries of an open endpoint are asked for again, milliseconds. */
export const DELIVERIES_MS = 10_000;

export const webhooksKey = (tenant: string) => ['tenant', tenant, 'webhooks'];

export async function listWebhooks(
  tenant: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Webhook>> {
  const query = { limit: PAGE_ROWS, cursor };
  return planned('GET', '/v1/webhooks', { tenant, query, signal });
}

export const webhookQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: [...webhooksKey(tenant), id],
    queryFn: ({ signal }) => planned<Webhook>('GET', `/v1/webhooks/${id}`, { tenant, signal }),
  });

export async function createWebhook(
  tenant: string,
  body: WebhookForm,
): Promise<{ readonly webhook: Webhook; readonly secret: string }> {
  return planned('POST', '/v1/webhooks', { tenant, body });
}

export async function changeWebhook(
  tenant: string,
  id: string,
  body: Partial<WebhookForm> & { readonly is_paused?: boolean },
): Promise<Webhook> {
  return planned('PATCH', `/v1/webhooks/${id}`, { tenant, body });
}

export async function deleteWebhook(tenant: string, id: string): Promise<void> {
  await planned('DELETE', `/v1/webhooks/${id}`, { tenant });
}

/** Makes a new secret; the old one signs as well for a while. */
export async function rotateWebhookSecret(
  tenant: string,
  id: string,
): Promise<{ readonly secret: string }> {
  return planned('POST', `/v1/webhooks/${id}/rotate_secret`, { tenant });
}

/** Sends an event that nothing happened for. */
export async function testWebhook(tenant: string, id: string): Promise<void> {
  await planned('POST', `/v1/webhooks/${id}/test`, { tenant });
}

export async function resumeWebhook(tenant: string, id: string): Promise<void> {
  await planned('POST', `/v1/webhooks/${id}/resume`, { tenant });
}

export async function listDeliveries(
  tenant: string,
  id: string,
  status: DeliveryState | undefined,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Delivery>> {
  const query = { status, limit: PAGE_ROWS, cursor };
  return planned('GET', `/v1/webhooks/${id}/deliveries`, { tenant, query, signal });
}

export const deliveryQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: [...webhooksKey(tenant), 'delivery', id],
    queryFn: ({ signal }) =>
      planned<DeliveryDetail>('GET', `/v1/webhook_deliveries/${id}`, { tenant, signal }),
  });

export async function resendDelivery(tenant: string, id: string): Promise<void> {
  await planned('POST', `/v1/webhook_deliveries/${id}/resend`, { tenant });
}
