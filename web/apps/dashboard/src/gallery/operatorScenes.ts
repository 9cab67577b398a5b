import { ago, LONG_NAME, list, type Scene, signedIn } from './fixtures';

const app = (id: string, name: string, isGuests: boolean, isDisabled = false, daysAgo = 0) => ({
  id,
  name,
  guests: isGuests ? 'join' : 'refused',
  is_disabled: isDisabled,
  tenant_id: 'ten_019a8f3e5c7d7b0e9a51c2d4e6f80a1b',
  environment: isGuests ? 'trial' : 'production',
  limits: {
    max_participants: isGuests ? 10 : 100,
    max_calls: isGuests ? 5 : null,
    minutes_per_month: isGuests ? 2_000 : null,
    recordings_at_once: 1,
    storage_bytes: 5_000_000_000,
    retention_days: 30,
  },
  created_at: new Date(Date.now() - daysAgo * 86_400_000 - 1_400_000).toISOString(),
  branding: { own_domain: id.startsWith('demo') ? 'call.demo.example' : null },
});
const apps = [
  app('demo-k3x9q', 'Demo', true, false, 0),
  app('klinik-sehat-p7w2m', 'Klinik Sehat', false, false, 12),
  app('toko-melati-z4c8r', 'Toko Melati', true, true, 80),
];

const DAY = 1_440;
const tenant = (id: string, name: string, days: number, more: object = {}) => ({
  id: `ten_019a8f3e5c7d7b0e9a51c2d4e6f8${id}`,
  name,
  status: 'active',
  time_zone: 'Asia/Jakarta',
  created_at: ago(days * DAY),
  apps: 2,
  members: 5,
  deleted_at: null,
  restorable_until: null,
  ...more,
});
const klinik = tenant('0a1b', 'Klinik Sehat', 61);
const melati = tenant('0a2c', 'Toko Melati', 0.01, { apps: 1, members: 0 });
const tenants = [
  melati,
  klinik,
  tenant('0a3d', 'Apotek Kencana', 12, { status: 'suspended', apps: 1, members: 3 }),
];
const user = (name: string, email: string, more: object = {}) => ({
  id: `usr_${email.split('@')[0]}`,
  name,
  email,
  is_operator: false,
  has_totp: false,
  ...more,
});
const members = [
  { ...user('Siti Rahmawati', 'siti@kliniksehat.example'), role: 'owner', has_totp: true },
  { ...user('Budi Santoso', 'budi@kliniksehat.example'), role: 'developer' },
].map(({ id, ...one }, index) => ({
  ...one,
  user_id: id,
  created_at: ago(60 * DAY),
  last_seen_at: index === 0 ? ago(4) : null,
}));
const mail = (
  id: string,
  subject: string,
  recipient: string,
  minutes: number,
  more: object = {},
) => ({
  id: `mai_${id}`,
  tenant_id: melati.id,
  kind: 'invitation',
  recipient,
  subject,
  body: null,
  status: 'sent',
  attempts: 1,
  next_attempt_at: null,
  last_error: null,
  created_at: ago(minutes),
  sent_at: ago(minutes),
  ...more,
});
const event = (action: string, minutes: number, more: object = {}) => ({
  id: `aud_${action}_${minutes}`,
  tenant_id: klinik.id,
  at: ago(minutes),
  actor_kind: 'operator',
  actor_id: 'usr_rina',
  actor_name: 'rina@jumpa.example',
  action,
  target_kind: 'tenant',
  target_id: klinik.id,
  before: null,
  after: null,
  address: '203.0.113.24',
  request_id: 'req_019a8f3e5c7d7b0e9a51c2d4e6f80a1b',
  ...more,
});

const api: Scene['api'] = {
  ...signedIn,
  'GET /v1/operator/tenants': list(tenants),
  'GET /v1/operator/tenants/*': { body: klinik },
  'GET /v1/operator/tenants/*/members': list(members),
  'POST /v1/operator/tenants': {
    status: 201,
    body: {
      tenant: melati,
      invitation: {
        invitation: { email: 'dewi@melati.example', role: 'owner', expires_at: ago(-9_000) },
        link: 'https://call.example/dashboard/invitation?token=9vYxk2mQ7hS0bA4d',
      },
      app: app('toko-melati-z4c8r', 'Toko Melati', false),
      key: { id: 'key_019b0000', secret: '3vQm8Xc2LkT7pRz1WnYb5HsJd0FgA9eU' },
    },
  },
  'GET /v1/operator/apps': list(apps),
  'GET /v1/operator/users': list([
    user('Rina Kusuma', 'rina@jumpa.example', { is_operator: true, has_totp: true }),
    user('Siti Rahmawati', 'siti@kliniksehat.example', { has_totp: true }),
    user('Budi Santoso', 'budi@kliniksehat.example'),
  ]),
  'GET /v1/operator/mails': list([
    mail('1', 'You are invited to Toko Melati', 'dewi@melati.example', 2, {
      status: 'pending',
      sent_at: null,
      body: 'Hello,\n\nToko Melati invites you to its Jumpa dashboard as owner.\n\nAccept the invitation here:\nhttps://call.example/dashboard/invitation?token=9vYxk2mQ7hS0bA4d\n',
    }),
    mail('2', 'Pilih kata sandi baru', 'budi@kliniksehat.example', 50, {
      status: 'failed',
      sent_at: null,
      attempts: 8,
      last_error: '550 mailbox unavailable',
      body: 'Halo Budi…',
    }),
    mail('3', 'Anda diundang ke Klinik Sehat', 'siti@kliniksehat.example', 4_000),
  ]),
  'GET /v1/operator/audit': list([
    event('tenant.resumed', 30, { before: { status: 'suspended' }, after: { status: 'active' } }),
    event('tenant.suspended', 90, { before: { status: 'active' }, after: { status: 'suspended' } }),
    event('member.joined', 4_000, {
      actor_kind: 'user',
      actor_name: 'siti@kliniksehat.example',
      target_kind: 'user',
      target_id: 'usr_siti',
      after: { role: 'owner' },
    }),
  ]),
};
const rooms = [
  ['halo', 'Klinik Sehat', 2, 14],
  ['konsultasi-0931', 'Klinik Sehat', 3, 41],
  ['demo-produk', 'Toko Melati', 18, 2],
] as const;
const platform: Scene['api'] = {
  ...api,
  'GET /v1/operator/rooms': list(
    rooms.map(([room, app_name, participants, minutes]) => ({
      app_id: 'klinik-sehat-p7w2m',
      app_name,
      room,
      call_id: `call_${room}`,
      started_at: ago(minutes),
      participants,
      waiting: 0,
      is_locked: false,
      has_lobby: false,
      node_id: 'nod_019a8f3e5c7d',
      tenant_id: klinik.id,
    })),
  ),
  'GET /v1/operator/nodes': list([
    {
      id: 'nod_019a8f3e5c7d',
      version: '0.4.0',
      started_at: ago(5_000),
      participants: 23,
      calls: 3,
      cpu_ratio: 0.18,
      memory_bytes: 312_000_000,
      is_draining: false,
    },
    {
      id: 'nod_019a8f3e7b1c',
      version: '0.3.9',
      started_at: ago(40_000),
      participants: 4,
      calls: 1,
      cpu_ratio: null,
      memory_bytes: null,
      is_draining: true,
    },
  ]),
  'GET /v1/operator/webhook_failures': list([
    {
      tenant_id: klinik.id,
      tenant_name: 'Klinik Sehat',
      webhook: {
        id: 'whk_1',
        url: 'https://api.kliniksehat.example/jumpa',
        is_paused: false,
        failing_since: ago(700),
      },
    },
  ]),
  'GET /v1/operator/health': list([
    {
      verdict: 'good',
      code: 'database_intact',
      params: { apps: '3', engine: 'SQLite 3.50.2' },
      subject: 'database',
      facts: 'is intact, 3 apps, SQLite 3.50.2',
      remedy: null,
    },
    {
      verdict: 'doubtful',
      code: 'free_space_scarce',
      params: { mib: '412' },
      subject: 'free space',
      facts: '412 MiB are left for the data folder',
      remedy: 'make room soon',
    },
    {
      verdict: 'bad',
      code: 'web_address_not_https',
      params: { url: 'http://call.sehat.example' },
      subject: 'web address',
      facts: 'http://call.sehat.example is not https: browsers give it no camera and no microphone',
      remedy: 'put a proxy with TLS in front and name its https address in http.public_url',
    },
    {
      verdict: 'doubtful',
      code: 'from_a_newer_server',
      params: {},
      subject: 'recorder',
      facts: 'does not answer',
      remedy: 'start it again',
    },
  ]),
};
const client = `/operator/clients/${klinik.id}`;

/** The area of those who run the platform. */
export const operatorScenes: Readonly<Record<string, Scene>> = {
  clients: { path: '/operator/clients', api },
  'clients-empty': {
    path: '/operator/clients',
    api: { ...api, 'GET /v1/operator/tenants': list([]) },
  },
  'clients-none': {
    path: '/operator/clients?search=anggrek&status=suspended',
    api: { ...api, 'GET /v1/operator/tenants': list([]) },
  },
  'clients-many': {
    path: '/operator/clients',
    api: {
      ...api,
      'GET /v1/operator/tenants': list(
        Array.from({ length: 50 }, (_, index) =>
          tenant(
            `1${index + 100}`,
            index === 2 ? LONG_NAME : `Klinik ${index + 1}`,
            index * 3 + 1,
            index % 9 === 4 ? { status: 'suspended' } : {},
          ),
        ),
        'next',
      ),
    },
  },
  'clients-loading': {
    path: '/operator/clients',
    api: { ...api, 'GET /v1/operator/tenants': 'never' },
  },
  'clients-error': {
    path: '/operator/clients',
    api: { ...api, 'GET /v1/operator/tenants': { problem: 'internal', status: 500 } },
  },
  client: { path: client, api },
  'client-deleted': {
    path: client,
    api: {
      ...api,
      'GET /v1/operator/tenants/*': {
        body: { ...klinik, deleted_at: ago(600), restorable_until: ago(-29.6 * DAY) },
      },
    },
  },
  'client-new': {
    path: client,
    api: {
      ...api,
      'GET /v1/operator/tenants/*': { body: melati },
      'GET /v1/operator/tenants/*/members': list([]),
      'GET /v1/operator/audit': list([event('tenant.created', 12)]),
    },
  },
  'client-loading': { path: client, api: { ...api, 'GET /v1/operator/tenants/*': 'never' } },
  'client-gone': {
    path: client,
    api: { ...api, 'GET /v1/operator/tenants/*': { problem: 'not_found', status: 404 } },
  },
  'operator-people': { path: '/operator/people', api },
  'operator-rooms': { path: '/operator/rooms', api: platform },
  'operator-rooms-empty': {
    path: '/operator/rooms',
    api: { ...platform, 'GET /v1/operator/rooms': list([]) },
  },
  system: { path: '/operator/system', api: platform },
  'system-error': {
    path: '/operator/system',
    api: { ...platform, 'GET /v1/operator/health': { problem: 'internal', status: 500 } },
  },
  mails: { path: '/operator/mails', api },
  'mails-empty': { path: '/operator/mails', api: { ...api, 'GET /v1/operator/mails': list([]) } },
  'operator-audit': { path: `/operator/audit?tenant_id=${klinik.id}`, api },
  'operator-apps': {
    path: '/operator/apps',
    api: { ...signedIn, 'GET /v1/operator/apps': list(apps) },
  },
  'operator-apps-empty': {
    path: '/operator/apps',
    api: { ...signedIn, 'GET /v1/operator/apps': list([]) },
  },
  'operator-apps-many': {
    path: '/operator/apps',
    api: {
      ...signedIn,
      'GET /v1/operator/apps': list(
        Array.from({ length: 50 }, (_, index) =>
          app(
            `klinik-${index}-p7w2m`,
            index === 3 ? LONG_NAME : `Klinik ${index}`,
            index % 2 === 0,
            index % 7 === 6,
            index * 9,
          ),
        ),
        'next',
      ),
    },
  },
  'operator-apps-loading': {
    path: '/operator/apps',
    api: { ...signedIn, 'GET /v1/operator/apps': 'never' },
  },
  'operator-apps-error': {
    path: '/operator/apps',
    api: { ...signedIn, 'GET /v1/operator/apps': { problem: 'internal', status: 500 } },
  },
};
