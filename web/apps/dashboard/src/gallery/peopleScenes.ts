import type { Answer } from '../testing/FakeApi';
import { ago, LONG_NAME, list, person, type Scene, signedIn } from './fixtures';

const SIGNED_OUT: Answer = { problem: 'unauthenticated', status: 401 };
const dewi = person('dewi', 'Dewi Lestari', 'dewi@melati.example');

const invitation = (more: object = {}): Answer => ({
  body: {
    tenant_name: 'Toko Melati',
    email: 'dewi@melati.example',
    role: 'owner',
    expires_at: ago(-9_000),
    has_login: false,
    ...more,
  },
});
const session = (id: string, device: string, address: string, minutes: number) => ({
  id: `ses_${id}`,
  is_current: id === 'here',
  created_at: ago(minutes + 3_000),
  last_seen_at: ago(minutes),
  expires_at: ago(-9_000),
  address,
  device,
});
const sessions = list([
  session(
    'here',
    'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0.0.0 Safari/537.36',
    '203.0.113.24',
    1,
  ),
  session(
    'phone',
    'Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Safari/537.36',
    '198.51.100.7',
    95,
  ),
  session('old', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Safari/605.1.15', '192.0.2.88', 9_000),
]);
const security: Scene['api'] = {
  ...signedIn,
  'GET /v1/me/sessions': sessions,
  'POST /v1/me/second_factor': {
    status: 201,
    body: {
      secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      otpauth_url:
        'otpauth://totp/Jumpa:rina%40jumpa.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Jumpa',
    },
  },
  'POST /v1/me/second_factor/confirm': {
    body: {
      recovery_codes: [
        'k3x9q-m7w2r',
        'p4t8z-b6n5c',
        'h2j5v-x8d3s',
        'w9q4m-t6r7b',
        'z5c8n-k2p3x',
        'd7s6h-v4j9q',
        'r3b2w-n5m8t',
        'x6p9k-c7z4d',
      ],
    },
  },
  'DELETE /v1/me/second_factor': { problem: 'proof_required', status: 403 },
};

/** Signing in, and one's own account. */
export const peopleScenes: Readonly<Record<string, Scene>> = {
  welcome: { path: '/welcome?token=t', api: {} },
  'welcome-no-token': { path: '/welcome', api: {} },
  login: { path: '/login', api: {} },
  'login-code': {
    path: '/login?email=rina@jumpa.example',
    api: { 'POST /v1/login': { problem: 'second_factor_required', status: 401 } },
  },
  'forgot-password': {
    path: '/forgot_password?email=rina@jumpa.example',
    api: { 'POST /v1/password_resets': { status: 204, body: null } },
  },
  'reset-password': { path: '/reset_password?token=t', api: {} },
  'reset-password-used': { path: '/reset_password', api: {} },
  'invitation-new': {
    path: '/invitation?token=t',
    api: { 'GET /v1/me': SIGNED_OUT, 'POST /v1/invitation_links/show': invitation() },
  },
  'invitation-long': {
    path: '/invitation?token=t',
    api: {
      'GET /v1/me': SIGNED_OUT,
      'POST /v1/invitation_links/show': invitation({ tenant_name: LONG_NAME, has_login: true }),
    },
  },
  'invitation-join': {
    path: '/invitation?token=t',
    api: {
      'GET /v1/me': { body: dewi },
      'POST /v1/invitation_links/show': invitation({ has_login: true }),
    },
  },
  'invitation-other': {
    path: '/invitation?token=t',
    api: { ...signedIn, 'POST /v1/invitation_links/show': invitation() },
  },
  'invitation-void': {
    path: '/invitation?token=t',
    api: {
      'GET /v1/me': SIGNED_OUT,
      'POST /v1/invitation_links/show': { problem: 'one_time_token_invalid', status: 410 },
    },
  },
  'invitation-loading': {
    path: '/invitation?token=t',
    api: { 'GET /v1/me': SIGNED_OUT, 'POST /v1/invitation_links/show': 'never' },
  },
  profile: { path: '/account', api: signedIn },
  security: { path: '/account/security', api: security },
  'security-on': {
    path: '/account/security',
    api: {
      ...security,
      'GET /v1/me': { body: { ...dewi, has_totp: true } },
    },
  },
  'security-error': {
    path: '/account/security',
    api: { ...security, 'GET /v1/me/sessions': { problem: 'internal', status: 500 } },
  },
  'no-area': { path: '/', api: { 'GET /v1/me': { body: dewi } } },
  unreachable: { path: '/', api: { 'GET /v1/me': 'unreachable' } },
  'not-found': { path: '/nowhere', api: {} },
};
