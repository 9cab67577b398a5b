import type { RecordingFleet } from '../api/recorders';
import { ago, LONG_NAME, type Scene, signedIn } from './fixtures';

const KLINIK = { app_id: 'klinik-sehat-p7w2m', app_name: 'Klinik Sehat' };
const MELATI = { app_id: 'toko-melati-z4c8r', app_name: LONG_NAME };
const TENANT_OF = 'ten_019a8f3e5c7d7b0e9a51c2d4e6f80a1b';

const job = (
  app: typeof KLINIK,
  number: number,
  more: Partial<RecordingFleet['recorders'][number]['jobs'][number]> = {},
): RecordingFleet['recorders'][number]['jobs'][number] => ({
  recording_id: `rec_${number}`,
  tenant_id: TENANT_OF,
  room: 'konsultasi-dr-ayu',
  kind: 'tracks',
  state: 'active',
  millicores: 8,
  started_at: ago(12),
  ...app,
  ...more,
});

const fleet: RecordingFleet = {
  recorders: [
    {
      id: 'perekam-jakarta-1',
      version: '0.1.0',
      connected_at: ago(4_000),
      capacity_millicores: 3_200,
      used_millicores: 488,
      promised_millicores: 517,
      spool_free_bytes: 182_000_000_000,
      spool_level: 'roomy',
      has_folder: true,
      is_draining: false,
      jobs: [job(KLINIK, 1), job(KLINIK, 2, { kind: 'composite', millicores: 509, room: 'rapat' })],
    },
    {
      id: 'perekam-jakarta-2',
      version: '0.1.0',
      connected_at: ago(40),
      capacity_millicores: 1_600,
      used_millicores: 2,
      promised_millicores: 2,
      spool_free_bytes: 3_100_000_000,
      spool_level: 'sound_only',
      has_folder: false,
      is_draining: true,
      jobs: [job(MELATI, 3, { state: 'uploading' })],
    },
    {
      id: 'perekam-surabaya-1',
      version: null,
      connected_at: null,
      capacity_millicores: 0,
      used_millicores: 0,
      promised_millicores: 8,
      spool_free_bytes: null,
      spool_level: null,
      has_folder: null,
      is_draining: false,
      jobs: [job(MELATI, 4)],
    },
  ],
  queue: [
    {
      recording_id: 'rec_5',
      tenant_id: TENANT_OF,
      room: 'promo-melati',
      kind: 'stream',
      millicores: 517,
      queued_at: ago(3),
      place: 1,
      expected_at: ago(-9),
      ...MELATI,
    },
    {
      recording_id: 'rec_6',
      tenant_id: TENANT_OF,
      room: 'promo-sore',
      kind: 'composite',
      millicores: 559,
      queued_at: ago(1),
      place: 2,
      expected_at: null,
      ...MELATI,
    },
  ],
  apps: [
    {
      tenant_id: TENANT_OF,
      guaranteed_millicores: 1_200,
      burst_millicores: 3_000,
      weight: 2,
      used_millicores: 517,
      waiting: 0,
      ...KLINIK,
    },
    {
      tenant_id: TENANT_OF,
      guaranteed_millicores: 0,
      burst_millicores: null,
      weight: 1,
      used_millicores: 0,
      waiting: 2,
      ...MELATI,
    },
  ],
  capacity_millicores: 3_200,
  guaranteed_millicores: 1_200,
  guaranteed_limit_millicores: 2_240,
};

const nothing: RecordingFleet = {
  recorders: [],
  queue: [],
  apps: [],
  capacity_millicores: 0,
  guaranteed_millicores: 0,
  guaranteed_limit_millicores: 0,
};

const PATH = '/operator/recorders';

/** What the server answers about recorders in the gallery. */
export const recordersApi = {
  'GET /v1/operator/recorders': { body: fleet },
  'POST /v1/operator/recorders/*/drain': {
    body: { ...fleet.recorders[0], is_draining: true },
  },
  'POST /v1/operator/recorders/*/undrain': {
    body: { ...fleet.recorders[1], is_draining: false },
  },
  'PUT /v1/operator/apps/*/recording_slots': { body: fleet.apps[0] },
};

const api = { ...signedIn, ...recordersApi };

export const recorderScenes: Readonly<Record<string, Scene>> = {
  recorders: { path: PATH, api },
  'recorders-empty': {
    path: PATH,
    api: { ...api, 'GET /v1/operator/recorders': { body: nothing } },
  },
  'recorders-loading': { path: PATH, api: { ...api, 'GET /v1/operator/recorders': 'never' } },
  'recorders-error': {
    path: PATH,
    api: { ...api, 'GET /v1/operator/recorders': { problem: 'internal', status: 500 } },
  },
};
