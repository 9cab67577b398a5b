import { ago, LONG_NAME, list, type Scene, signedIn } from './fixtures';

const provider = (id: string, name: string, domains: readonly string[], more: object = {}) => ({
  id: `idp_${id}`,
  tenant_id: 'ten_019a8f3e5c7d7b0e9a51c2d4e6f80a2c',
  tenant_name: 'Toko Melati',
  name,
  issuer: 'https://login.melati.example/realms/toko',
  client_id: 'jumpa',
  domains,
  new_role: 'agent',
  created_at: ago(9_000),
  ...more,
});
const melati = provider('melati', 'Akun Toko Melati', ['melati.example']);

const api: Scene['api'] = {
  ...signedIn,
  'GET /v1/operator/identity_providers': list([
    melati,
    provider('sehat', 'Klinik Sehat', ['kliniksehat.example', 'sehat.example', 'rs.example'], {
      tenant_id: 'ten_019a8f3e5c7d7b0e9a51c2d4e6f80a1b',
      tenant_name: LONG_NAME,
      issuer: 'https://login.microsoftonline.com/3c1f7f0e-8a64-4f0c-9d27-21b8b0c3f4aa/v2.0',
      new_role: null,
    }),
    provider('jumpa', 'Akun Jumpa', ['jumpa.example'], {
      tenant_id: null,
      tenant_name: null,
      issuer: 'https://accounts.google.com',
      new_role: null,
    }),
  ]),
  'GET /v1/public/platform': {
    body: {
      name: 'Video Sehat',
      language: 'id',
      support_email: 'bantuan@sehat.example',
      support_url: 'https://sehat.example/bantuan',
    },
  },
  'GET /v1/operator/tenants': list(
    ['Klinik Sehat', 'Toko Melati'].map((name) => ({
      id: `ten_${name.replace(' ', '_').toLowerCase()}`,
      name,
      status: 'active',
    })),
  ),
};
const providers = '/operator/identity_providers';

const limits = {
  max_participants: 10,
  max_calls: 5,
  minutes_per_month: 2_000,
  recordings_at_once: 1,
  storage_bytes: 5_000_000_000,
  retention_days: 30,
};
const server = (mailServer: string | null) =>
  [
    ['version', null, '0.4.0'],
    ['data_folder', null, '/var/lib/jumpa'],
    ['public_url', 'http.public_url', 'https://call.sehat.example'],
    ['http_listen', 'http.listen', '127.0.0.1:8080'],
    ['trusted_proxies', 'http.trusted_proxies', '127.0.0.1'],
    ['metrics_listen', 'admin.listen', '127.0.0.1:9090'],
    ['media_addresses', 'media.public_ips', '203.0.113.24, 2001:db8:51c2:d4e6::f80a'],
    ['media_ports', 'media.port', '7882, 7883, 7884, 7885'],
    ['media_transports', 'media.udp, media.tcp', 'UDP, TCP'],
    ['trial_participants', 'capacity.trial_participants', '200'],
    ['mail_server', 'mail.smtp_host', mailServer],
    ['mail_sender', 'mail.from', mailServer && 'Video Sehat <call@sehat.example>'],
    ['webhook_networks', 'webhooks.allowed_networks', null],
    ['storage_networks', 'recording.storage_networks', null],
    ['log_filter', 'log.filter', 'info'],
    ['database', 'database_url', 'PostgreSQL 15.8'],
  ].map(([name, key, value]) => ({ name, key, value }));
const settings = (mailServer: string | null): Scene['api'] => ({
  ...api,
  'GET /v1/operator/recording_storage': {
    body: { is_own: false, s3: null, encryption: null, updated_at: null },
  },
  'PUT /v1/operator/recording_storage': { body: null },
  'GET /v1/operator/settings': {
    body: {
      platform: {
        name: 'Video Sehat',
        language: 'id',
        support_email: 'bantuan@sehat.example',
        support_url: 'https://sehat.example/bantuan',
        new_app_environment: 'trial',
        trial_limits: limits,
        production_limits: {
          ...limits,
          max_participants: 100,
          max_calls: null,
          minutes_per_month: null,
          storage_bytes: null,
          retention_days: 365,
        },
      },
      server: server(mailServer),
    },
  },
});

/** What the operator sets up for the whole platform. */
export const platformScenes: Readonly<Record<string, Scene>> = {
  'identity-providers': { path: providers, api },
  'operator-settings': {
    path: '/operator/settings',
    api: settings('mail.sehat.example:587'),
  },
  'operator-settings-no-mail': { path: '/operator/settings', api: settings(null) },
  'operator-settings-loading': {
    path: '/operator/settings',
    api: { ...api, 'GET /v1/operator/settings': 'never' },
  },
  'operator-settings-error': {
    path: '/operator/settings',
    api: { ...api, 'GET /v1/operator/settings': { problem: 'internal', status: 500 } },
  },
  'identity-providers-empty': {
    path: providers,
    api: { ...api, 'GET /v1/operator/identity_providers': list([]) },
  },
  'identity-providers-loading': {
    path: providers,
    api: { ...api, 'GET /v1/operator/identity_providers': 'never' },
  },
  'identity-providers-error': {
    path: providers,
    api: { ...api, 'GET /v1/operator/identity_providers': { problem: 'internal', status: 500 } },
  },
};

/** What a client is told of its providers. */
export const tenantProvidersApi: Scene['api'] = {
  'GET /v1/tenant/identity_providers': list([
    {
      id: melati.id,
      name: 'Akun Klinik Sehat',
      issuer: 'https://login.kliniksehat.example',
      domains: ['kliniksehat.example'],
      new_role: 'agent',
    },
  ]),
};
