import type { Answer } from '../testing/FakeApi';

/** A screen: its address and what the server answers there. */
export interface Scene {
  readonly path: string;
  readonly api: Readonly<Record<string, Answer>>;
}

const LONG_NAME =
  'Rumah Sakit Ibu dan Anak Permata Bunda Sejahtera Kabupaten Tangerang Selatan, Unit Telekonsultasi';

const operator = { email: 'rina@jumpa.example', name: 'Rina Kusuma', is_operator: true };
const signedIn: Scene['api'] = { 'GET /v1/me': { body: operator } };
const list = (data: readonly unknown[], next_cursor: string | null = null): Answer => ({
  body: { data, next_cursor },
});

const app = (id: string, name: string, isGuests: boolean, isDisabled = false, daysAgo = 0) => ({
  id,
  name,
  allows_guests: isGuests,
  is_disabled: isDisabled,
  created_at: new Date(Date.now() - daysAgo * 86_400_000 - 1_400_000).toISOString(),
});
const apps = [
  app('demo-k3x9q', 'Demo', true, false, 0),
  app('klinik-sehat-p7w2m', 'Klinik Sehat', false, false, 12),
  app('toko-melati-z4c8r', 'Toko Melati', true, true, 80),
];

/** Every screen that can be looked at without a server. */
export const scenes: Readonly<Record<string, Scene>> = {
  welcome: { path: '/welcome?token=t', api: {} },
  'welcome-no-token': { path: '/welcome', api: {} },
  login: { path: '/login', api: {} },
  'no-area': { path: '/', api: { 'GET /v1/me': { body: { ...operator, is_operator: false } } } },
  unreachable: { path: '/', api: { 'GET /v1/me': 'unreachable' } },
  'not-found': { path: '/nowhere', api: {} },
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
