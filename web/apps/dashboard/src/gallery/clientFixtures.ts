import { ago, person, type Scene } from './fixtures';

/** The organisation that the client's screens belong to. */
export const TENANT = 'ten_019a8f3e5c7d7b0e9a51c2d4e6f80a1b';
/** Somebody's place in it. */
export const membership = {
  tenant_id: TENANT,
  tenant_name: 'Klinik Sehat',
  tenant_status: 'active',
  time_zone: 'Asia/Jakarta',
  role: 'owner',
};
/** An app of it. */
export const clientApp = (id: string, name: string, more: object = {}) => ({
  id,
  name,
  environment: 'production',
  status: 'active',
  is_disabled: false,
  guests: 'refused',
  allows_any_room: false,
  one_time_tokens: true,
  keeps_running_calls: true,
  takes_tokens_without_key_id: false,
  origins: ['https://app.kliniksehat.example'],
  features: {
    chat: true,
    screen_sharing: true,
    reactions: true,
    raised_hands: false,
    recording: true,
    streaming: true,
  },
  auto_record: null,
  recording_required: false,
  limits: {
    max_participants: 50,
    max_calls: 200,
    minutes_per_month: 120_000,
    recordings_at_once: 4,
    storage_bytes: 50_000_000_000,
    retention_days: null,
  },
  branding: {
    logo_url: null,
    accent_color: '#7a4fb0',
    background_color: null,
    display_name: 'Klinik Sehat',
    welcome_text: 'Selamat datang. Dokter akan segera bergabung.',
    own_domain: null,
  },
  created_at: ago(40_000),
  deleted_at: null,
  purge_at: null,
  ...more,
});

/** Signed in as somebody who may look and change nothing. */
export const viewerApi: Scene['api'] = {
  'GET /v1/me': {
    body: {
      ...person('joko', 'Joko', 'joko@kliniksehat.example'),
      memberships: [{ ...membership, role: 'viewer' }],
    },
  },
};
