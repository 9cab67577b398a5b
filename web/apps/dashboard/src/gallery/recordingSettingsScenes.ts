import type { RecordingStorage } from '../api/recordingStorage';
import type { StoredTarget } from '../api/streamTargets';
import type { Answer } from '../testing/FakeApi';
import { clientApp, viewerApi } from './clientFixtures';
import { ago, LONG_NAME, list } from './fixtures';

const APP = 'klinik-sehat-p7w2m';
const PATH = `/apps/${APP}/recording`;

/** What the server answers about stored places. */
export const streamTargetsApi: Readonly<Record<string, Answer>> = {
  'GET /v1/apps/*/stream_targets': list([
    stored('str_7', 'Kanal Klinik Sehat', 'rtmps://a.rtmps.youtube.com/live2'),
    stored('str_8', LONG_NAME, 'rtmps://siaran.melati.example:1936/app'),
  ]),
  'GET /v1/apps/*/recording_storage': {
    body: {
      is_own: true,
      s3: {
        endpoint: 'https://s3.klinik.example',
        region: 'garage',
        bucket: 'rekaman-klinik',
        prefix: 'panggilan',
        is_path_style: true,
        access_key_id: 'GK31c2f218a2e44f485b94239e',
      },
      encryption: 'envelope',
      updated_at: ago(9_000),
    } satisfies RecordingStorage,
  },
  'PUT /v1/apps/*/recording_storage': { body: null },
  'DELETE /v1/apps/*/recording_storage': { status: 204, body: null },
  'POST /v1/apps/*/recording_storage/test': { body: { duration_ms: 84 } },
  'POST /v1/apps/*/stream_targets': {
    status: 201,
    body: stored('str_9', 'Toko Melati', 'rtmp://live.melati.example/app'),
  },
  'DELETE /v1/apps/*/stream_targets/*': { status: 204, body: null },
};

function stored(id: string, name: string, url: string): StoredTarget {
  return {
    id,
    app_id: APP,
    name,
    url,
    key_end: '7f3a',
    viewer_url: id === 'str_7' ? 'https://youtube.com/@kliniksehat/live' : null,
    created_at: ago(90_000),
  };
}

/** The app with a rule for its recordings. */
const appWith = (more: object): Readonly<Record<string, Answer>> => ({
  'GET /v1/apps': list([clientApp(APP, 'Klinik Sehat', more)]),
});
const REQUIRED = {
  recording_required: true,
  auto_record: {
    kind: 'composite',
    layout: 'speaker',
    compose: 'live',
    height: 1080,
    has_names: true,
    fallback: 'tracks',
    target_ids: [],
  },
};

/** The recording settings of an app. */
export const recordingSettingsScenes: Readonly<
  Record<string, { readonly path: string; readonly api?: Readonly<Record<string, Answer>> }>
> = {
  'recording-settings': { path: PATH },
  'recording-settings-empty': {
    path: PATH,
    api: {
      'GET /v1/apps/*/stream_targets': list([]),
      'GET /v1/apps/*/recording_storage': {
        body: { is_own: false, s3: null, encryption: null, updated_at: null },
      },
    },
  },
  'recording-settings-error': {
    path: PATH,
    api: { 'GET /v1/apps/*/stream_targets': { problem: 'internal', status: 500 } },
  },
  'recording-settings-required': { path: PATH, api: appWith(REQUIRED) },
  'recording-settings-stream': {
    path: PATH,
    api: appWith({
      auto_record: { kind: 'stream', layout: 'grid', height: 720, target_ids: ['str_7'] },
    }),
  },
  'recording-settings-off': {
    path: PATH,
    api: appWith({ ...REQUIRED, features: { recording: false } }),
  },
  'recording-settings-viewer': { path: PATH, api: { ...appWith(REQUIRED), ...viewerApi } },
};
