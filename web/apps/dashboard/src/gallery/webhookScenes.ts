import type { Delivery, DeliveryDetail, Webhook } from '../api/webhooks';
import type { Answer } from '../testing/FakeApi';
import { ago, list } from './fixtures';

const webhook = (id: string, url: string, more: Partial<Webhook> = {}): Webhook => ({
  id: `whk_${id}`,
  url,
  app_id: null,
  events: ['*'],
  format: 'standard',
  is_paused: false,
  pause_reason: null,
  created_at: ago(40_000),
  last_delivery_at: ago(3),
  last_status: 'delivered',
  failing_since: null,
  ...more,
});
const booking = webhook('booking', 'https://booking.kliniksehat.example/hooks/jumpa', {
  events: ['room.started', 'room.ended', 'participant.joined', 'participant.left'],
  app_id: 'klinik-sehat-p7w2m',
});
const webhooks = [
  booking,
  webhook('old', 'https://lama.kliniksehat.example/jaas', {
    format: 'jaas',
    failing_since: ago(310),
    last_status: 'failed',
  }),
  webhook('gone', 'https://coba.kliniksehat.example/events', {
    is_paused: true,
    pause_reason: 'failing',
    failing_since: ago(9_000),
    last_delivery_at: ago(4_300),
    last_status: 'failed',
  }),
  webhook('new', 'https://laporan.kliniksehat.example/panggilan', {
    is_paused: true,
    pause_reason: 'requested',
    last_delivery_at: null,
    last_status: null,
  }),
];

const delivery = (
  index: number,
  event_type: Delivery['event_type'],
  more: Partial<Delivery> = {},
): Delivery => ({
  id: `whd_${index}`,
  webhook_id: booking.id,
  event_type,
  event_id: `evt_${index}`,
  created_at: ago(3 + index * 17),
  status: 'delivered',
  attempts: 1,
  next_attempt_at: null,
  last_status_code: 200,
  ...more,
});
const deliveries = [
  delivery(0, 'participant.joined', {
    status: 'pending',
    attempts: 2,
    next_attempt_at: ago(-4),
    last_status_code: 502,
  }),
  delivery(1, 'participant.left'),
  delivery(2, 'room.ended', { status: 'failed', attempts: 12, last_status_code: null }),
  delivery(3, 'participant.left'),
  delivery(4, 'participant.joined', { last_status_code: 204 }),
  delivery(5, 'room.started'),
];
const opened: DeliveryDetail = {
  ...(deliveries[0] as Delivery),
  request_body: JSON.stringify({
    type: 'participant.joined',
    timestamp: ago(3),
    data: {
      app_id: 'klinik-sehat-p7w2m',
      room: 'konsultasi-dr-ayu',
      participant: { name: 'Budi Santoso', subject: 'pasien-7', role: 'participant' },
    },
  }),
  attempts_log: [
    {
      at: ago(3),
      status_code: null,
      error: 'no answer within 10 s',
      duration_ms: 10_000,
      response_body: '',
    },
    {
      at: ago(2),
      status_code: 502,
      error: null,
      duration_ms: 87,
      response_body: '<html><h1>502 Bad Gateway</h1></html>',
    },
  ],
};

/** What the server answers about webhooks in the gallery. */
export const webhooksApi: Readonly<Record<string, Answer>> = {
  'GET /v1/webhooks': list(webhooks),
  'POST /v1/webhooks': {
    status: 201,
    body: { webhook: booking, secret: 'whsec_Mk4pQ2xVb7Yh0sTn9dLw3cRf6aJe8uGz' },
  },
  'GET /v1/webhooks/*': { body: booking },
  'PATCH /v1/webhooks/*': { body: booking },
  'DELETE /v1/webhooks/*': { status: 204, body: null },
  'POST /v1/webhooks/*/rotate_secret': {
    body: { secret: 'whsec_Zx8Kc1vNq5Pw2mHt7bYs4dGa9rLf0eJu' },
  },
  'POST /v1/webhooks/*/test': { body: { delivery: deliveries[1] } },
  'POST /v1/webhooks/*/resume': { body: booking },
  'GET /v1/webhooks/*/deliveries': list(deliveries, 'next'),
  'GET /v1/webhook_deliveries/*': { body: opened },
  'POST /v1/webhook_deliveries/*/resend': { body: deliveries[0] },
};

export const webhookScenes: Readonly<
  Record<string, { readonly path: string; readonly api?: Readonly<Record<string, Answer>> }>
> = {
  webhooks: { path: '/webhooks' },
  'webhooks-empty': { path: '/webhooks', api: { 'GET /v1/webhooks': list([]) } },
  'webhooks-loading': { path: '/webhooks', api: { 'GET /v1/webhooks': 'never' } },
  'webhooks-forbidden': {
    path: '/webhooks',
    api: { 'GET /v1/webhooks': { problem: 'forbidden', status: 403 } },
  },
  webhook: { path: '/webhooks/whk_booking' },
  'webhook-delivery': { path: '/webhooks/whk_booking?delivery=whd_0' },
  'webhook-stopped': {
    path: '/webhooks/whk_gone',
    api: { 'GET /v1/webhooks/*': { body: webhooks[2] }, 'GET /v1/webhooks/*/deliveries': list([]) },
  },
  'webhook-error': {
    path: '/webhooks/whk_gone',
    api: { 'GET /v1/webhooks/*': { problem: 'internal', status: 500 } },
  },
};
