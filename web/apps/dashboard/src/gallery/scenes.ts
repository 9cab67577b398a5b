import openapi from '../../../../../crates/api/openapi.json';
import { callScenes, callsApi } from './callScenes';
import { clientApp, membership, TENANT, viewerApi } from './clientFixtures';
import { ago, LONG_NAME, list, person, type Scene, signedIn } from './fixtures';
import { numbersApi, numbersScenes, rankingApi } from './numbersScenes';
import { operatorScenes } from './operatorScenes';
import { peopleScenes } from './peopleScenes';
import { platformScenes, tenantProvidersApi } from './platformScenes';
import { recorderScenes } from './recorderScenes';
import { recordingScenes, recordingsApi, sharedScenes } from './recordingScenes';
import { recordingSettingsScenes, streamTargetsApi } from './recordingSettingsScenes';
import { roomScenes, roomsApi } from './roomScenes';
import { webhookScenes, webhooksApi } from './webhookScenes';

const clientApps = [
  clientApp('klinik-sehat-p7w2m', 'Klinik Sehat'),
  clientApp('klinik-coba-a3b8x', 'Klinik Sehat (coba)', {
    environment: 'trial',
    guests: 'join',
    origins: [],
    created_at: ago(90),
  }),
];
const member = (name: string, role: string, minutes: number | null, hasTotp = true) => ({
  user_id: `usr_${name.split(' ')[0]?.toLowerCase()}`,
  name,
  email: `${name
    .toLowerCase()
    .replace(/[^a-z]+/g, '.')
    .slice(0, 40)}@kliniksehat.example`,
  role,
  has_totp: hasTotp,
  created_at: ago(80_000),
  last_seen_at: minutes === null ? null : ago(minutes),
});
const key = (id: string, more: object = {}) => ({
  id,
  kind: 'hs256',
  status: 'active',
  public_key: null,
  created_at: ago(9_000),
  expires_at: null,
  last_used_at: ago(2),
  ...more,
});
const event = (action: string, minutes: number, more: object = {}) => ({
  id: `aud_${action}_${minutes}`,
  tenant_id: TENANT,
  at: ago(minutes),
  actor_kind: 'user',
  actor_id: 'usr_budi',
  actor_name: 'Budi Santoso',
  action,
  target_kind: 'app',
  target_id: 'klinik-sehat-p7w2m',
  before: null,
  after: null,
  address: '203.0.113.24',
  request_id: null,
  ...more,
});
const invitation = (email: string, role: string) => ({
  id: `inv_${email.split('@')[0]}`,
  email,
  role,
  language: 'id',
  created_at: ago(4_000),
  expires_at: ago(-6_000),
});

const client: Scene['api'] = {
  'GET /v1/me': {
    body: {
      ...person('siti', 'Siti Rahmawati', 'siti@kliniksehat.example'),
      memberships: [membership],
    },
  },
  'GET /v1/tenant': {
    body: {
      id: TENANT,
      name: 'Klinik Sehat',
      status: 'active',
      time_zone: 'Asia/Jakarta',
      created_at: ago(90_000),
    },
  },
  'GET /v1/apps': list(clientApps),
  'GET /v1/members': list([
    member('Siti Rahmawati', 'owner', 1),
    member('Budi Santoso', 'developer', 190),
    member('dr. Ayu Lestari', 'agent', 3_000, false),
    member('Joko', 'viewer', null, false),
  ]),
  'GET /v1/invitations': list([invitation('dewi@kliniksehat.example', 'agent')]),
  'POST /v1/invitations': {
    status: 201,
    body: {
      invitation: invitation('agus@kliniksehat.example', 'developer'),
      link: 'https://call.example/dashboard/invitation?token=9vYxk2mQ7hS0bA4d',
    },
  },
  'GET /v1/apps/*/keys': list([
    key('key_019a8f3e5c7d7b0e9a51c2d4e6f80a1b'),
    key('key_019a7c115c7d7b0e9a51c2d4e6f80b2c', { status: 'retiring', expires_at: ago(-700) }),
    key('key_019a11225c7d7b0e9a51c2d4e6f80c3d', { kind: 'rs256', last_used_at: null }),
    key('key_0199ff005c7d7b0e9a51c2d4e6f80d4e', { status: 'revoked', last_used_at: ago(60_000) }),
  ]),
  'POST /v1/apps/*/keys': {
    body: { key: key('key_019b0000'), secret: '3vQm8Xc2LkT7pRz1WnYb5HsJd0FgA9eU' },
  },
  'GET /v1/apps/*/api_keys': list([
    {
      id: 'apk_1',
      name: 'booking',
      prefix: 'jk_4f9a',
      created_at: ago(50_000),
      last_used_at: ago(14),
    },
  ]),
  'GET /v1/apps/*/bans': list([
    {
      id: 'ban_1',
      subject: 'pasien-118',
      reason: 'Mengganggu ruang tunggu',
      until: ago(-9_000),
      created_at: ago(80),
      created_by: 'siti@kliniksehat.example',
    },
  ]),
  'POST /v1/apps/*/tokens': {
    status: 201,
    body: {
      token: 'eyJhbGciOiJIUzI1NiJ9.eyJyb29tIjoiaGFsbyJ9.c2ln',
      url: 'https://call.example/klinik-sehat-p7w2m/halo?jwt=eyJhbGciOiJIUzI1NiJ9.eyJyb29tIjoiaGFsbyJ9.c2ln',
      expires_at: ago(-60),
    },
  },
  'POST /v1/apps/*/tokens/check': {
    body: {
      is_valid: false,
      problem: {
        code: 'token_expired',
        detail: 'the access token expired at 2026-11-21T09:00:00Z',
      },
      header: { alg: 'HS256', kid: 'key_019a8f3e5c7d7b0e9a51c2d4e6f80a1b', typ: 'JWT' },
      claims: { room: 'halo', name: 'dr. Ayu', moderator: true, exp: 1_795_251_600 },
    },
  },
  'GET /v1/audit': list([
    event('key.created', 3, { target_kind: 'key', target_id: 'key_019a8f3e5c7d7b0e' }),
    event('app.changed', 65, {
      before: { guests: 'refused' },
      after: { guests: 'wait' },
      request_id: 'req_019a8f3e5c7d7b0e9a51c2d4e6f80a1b',
    }),
    event('tenant.resumed', 300, {
      actor_kind: 'operator',
      actor_name: 'rina@jumpa.example',
      target_kind: 'tenant',
      target_id: TENANT,
      before: { status: 'suspended' },
      after: { status: 'active' },
    }),
    event('invitation.created', 4_000, {
      target_kind: 'invitation',
      target_id: 'inv_dewi',
      after: { email: 'dewi@kliniksehat.example', role: 'agent' },
    }),
  ]),
};
const empty: Scene['api'] = {
  ...client,
  'GET /v1/invitations': list([]),
  'GET /v1/apps/*/keys': list([]),
  'GET /v1/apps/*/api_keys': list([]),
  'GET /v1/apps/*/bans': list([]),
  'GET /v1/audit': list([]),
};
const inApp = `/t/${TENANT}/apps/klinik-sehat-p7w2m`;

/** Every screen that can be looked at without a server. */
export const scenes: Readonly<Record<string, Scene>> = {
  ...peopleScenes,
  ...operatorScenes,
  ...platformScenes,
  ...sharedScenes,
  reference: { path: '/reference', api: { 'GET /openapi.json': { body: openapi } } },
  start: { path: `${inApp}/start`, api: { ...client, ...callsApi } },
  'start-waiting': {
    path: `${inApp}/start`,
    api: { ...client, 'GET /v1/calls': list([]) },
  },
  'start-guests': { path: `/t/${TENANT}/apps/klinik-coba-a3b8x/start`, api: client },
  apps: { path: `/t/${TENANT}/apps`, api: client },
  'apps-empty': { path: `/t/${TENANT}/apps`, api: { ...client, 'GET /v1/apps': list([]) } },
  keys: { path: `${inApp}/keys`, api: client },
  'keys-empty': { path: `${inApp}/keys`, api: empty },
  'apps-deleted': {
    path: `/t/${TENANT}/apps?status=deleted`,
    api: {
      ...client,
      'GET /v1/apps': list([
        clientApp('klinik-lama-k2m4x', 'Klinik Lama', {
          status: 'deleted',
          deleted_at: ago(1_000),
          purge_at: ago(-40_000),
        }),
      ]),
    },
  },
  access: { path: `${inApp}/access`, api: client },
  branding: { path: `${inApp}/branding`, api: client },
  'app-settings': { path: `${inApp}/settings`, api: client },
  playground: { path: `${inApp}/playground`, api: client },
  team: { path: `/t/${TENANT}/team`, api: client },
  'team-many': {
    path: `/t/${TENANT}/team`,
    api: {
      ...client,
      'GET /v1/members': list(
        Array.from({ length: 50 }, (_, index) =>
          member(index === 2 ? LONG_NAME : `Orang ${index}`, 'agent', index * 400, index % 3 === 0),
        ),
        'next',
      ),
    },
  },
  'team-forbidden': {
    path: `/t/${TENANT}/team`,
    api: { ...empty, 'GET /v1/members': { problem: 'forbidden', status: 403 } },
  },
  audit: { path: `/t/${TENANT}/audit`, api: client },
  'team-suspended': {
    path: `/t/${TENANT}/team`,
    api: {
      ...client,
      'GET /v1/me': {
        body: {
          ...person('siti', 'Siti Rahmawati', 'siti@kliniksehat.example'),
          memberships: [{ ...membership, tenant_status: 'suspended' }],
        },
      },
    },
  },
  'audit-filtered': { path: `/t/${TENANT}/audit?action=key.revoked`, api: empty },
  'audit-empty': { path: `/t/${TENANT}/audit`, api: empty },
  settings: { path: `/t/${TENANT}/settings`, api: { ...client, ...tenantProvidersApi } },
  'settings-password': {
    path: `/t/${TENANT}/settings`,
    api: { ...client, 'GET /v1/tenant/identity_providers': list([]) },
  },
  visitor: { path: `${inApp}/keys`, api: { ...client, ...signedIn } },
  ...Object.fromEntries(
    Object.entries({
      ...numbersScenes,
      ...callScenes,
      ...recordingScenes,
      ...recordingSettingsScenes,
      ...roomScenes,
      ...webhookScenes,
    }).map(([name, { path, api }]) => [
      name,
      {
        path: `/t/${TENANT}${path}`,
        api: {
          ...client,
          ...numbersApi,
          ...callsApi,
          ...recordingsApi,
          ...streamTargetsApi,
          ...roomsApi,
          ...webhooksApi,
          ...api,
        },
      },
    ]),
  ),
  'room-viewer': {
    path: `/t/${TENANT}/rooms/klinik-sehat-p7w2m/konsultasi-dr-ayu`,
    api: {
      ...client,
      ...roomsApi,
      ...viewerApi,
    },
  },
  ...recorderScenes,
  'operator-usage': { path: '/operator/usage', api: { ...signedIn, ...rankingApi } },
  'operator-usage-empty': {
    path: '/operator/usage',
    api: { ...signedIn, 'GET /v1/operator/usage': { body: { data: [] } } },
  },
};
