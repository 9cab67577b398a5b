import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api, PAGE_ROWS, type Page } from './api';

type Schemas = components['schemas'];

/** One process of the server. */
export type Node = Schemas['Node'];
/** What was found out about one thing that calls need. */
export type HealthFinding = Schemas['HealthFinding'];
/** A running call, with its tenant. */
export type OperatorRoom = Schemas['OperatorLiveRoom'];

/** An endpoint that fails, with its tenant. */
export type WebhookFailure = Schemas['WebhookFailure'];

/** How often screens of what runs now ask again, milliseconds. */
export const LIVE_INTERVAL_MS = 5_000;

export const nodesQuery = queryOptions({
  queryKey: ['operator', 'nodes'],
  queryFn: async ({ signal }) => (await answer(api.GET('/v1/operator/nodes', { signal }))).data,
  refetchInterval: LIVE_INTERVAL_MS,
});

/** A draining node takes no new calls; undraining takes that back. */
export async function drainNode(node_id: string, isDraining: boolean): Promise<Node> {
  const init = { params: { path: { node_id } } };
  return isDraining
    ? answer(api.POST('/v1/operator/nodes/{node_id}/drain', init))
    : answer(api.POST('/v1/operator/nodes/{node_id}/undrain', init));
}

export const healthQuery = queryOptions({
  queryKey: ['operator', 'health'],
  queryFn: async ({ signal }) => (await answer(api.GET('/v1/operator/health', { signal }))).data,
});

export async function listOperatorRooms(
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<OperatorRoom>> {
  const query = { limit: PAGE_ROWS, ...(cursor !== null && { cursor }) };
  return answer(api.GET('/v1/operator/rooms', { params: { query }, signal }));
}

/** Those that fail longest first, with those that were paused for it. */
export const webhookFailuresQuery = queryOptions({
  queryKey: ['operator', 'webhook_failures'],
  queryFn: async ({ signal }) =>
    (await answer(api.GET('/v1/operator/webhook_failures', { signal }))).data,
});
