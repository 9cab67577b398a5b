import type {
  ListedRecording,
  Recording,
  RecordingDetail,
  RecordingFile,
  RecordingView,
} from '../api/recordings';
import type { RecordingTarget } from '../api/streamTargets';
import type { Answer } from '../testing/FakeApi';
import { ago, LONG_NAME, list, type Scene } from './fixtures';
import { listed, still } from './listedRecordings';

const APP = 'klinik-sehat-p7w2m';
const LENGTH_MS = 1_452_000;

function recording(index: number, more: Partial<Recording> = {}): Recording {
  const begun = 35 + index * 61;
  return {
    id: `rec_019a8f3e5c7d7b0e9a51c2d4e6f80a${String(10 + index)}`,
    app_id: APP,
    room: ['konsultasi-dr-ayu', 'apotek', 'konsultasi-dr-bima', 'pendaftaran'][index % 4] ?? '',
    call_id: 'call_019a8f3e5c7d7b0e9a51c2d4e6f80a1b',
    kind: 'tracks',
    state: 'ready',
    is_interrupted: false,
    is_stopping: false,
    failure: null,
    detail: null,
    queue: null,
    fell_back_from: null,
    layout: 'grid',
    compose: 'after_call',
    height: 720,
    has_names: true,
    fallback: null,
    composed_ms: null,
    is_sound_only: false,
    requested_by_kind: 'participant',
    requested_by_id: 'par_ayu',
    requested_by: 'dr. Ayu Lestari',
    queued_at: ago(begun),
    started_at: ago(begun),
    ended_at: ago(begun - 24),
    ready_at: ago(begun - 24),
    duration_ms: LENGTH_MS,
    bytes: 187_400_000,
    has_legal_hold: false,
    expires_at: ago(-129_600),
    deleted_at: null,
    deleted_by: null,
    delete_reason: null,
    purged_at: null,
    ...more,
  };
}

/** Not begun, or not over. */
const open = { ended_at: null, ready_at: null, duration_ms: null, bytes: 0, expires_at: null };
const running = recording(1, { ...open, state: 'active', queued_at: ago(4), started_at: ago(4) });
const failed = recording(5, {
  state: 'failed',
  failure: 'disk_full',
  detail: 'No space left on device',
  bytes: 21_300_000,
  duration_ms: 312_000,
});
const deleted = recording(8, {
  deleted_at: ago(60),
  deleted_by: 'siti@kliniksehat.example',
  delete_reason: 'permintaan pasien',
});
const ready = recording(4);
const queued = recording(0, {
  ...open,
  kind: 'composite',
  compose: 'live',
  state: 'queued',
  queued_at: ago(1),
  started_at: null,
  queue: { place: 2, expected_at: ago(-6) },
});
const composing = recording(9, {
  kind: 'composite',
  state: 'finalising',
  ready_at: null,
  expires_at: null,
  composed_ms: 612_000,
});
const soundOnly = recording(10, {
  ...open,
  kind: 'stream',
  state: 'active',
  is_sound_only: true,
  queued_at: ago(14),
  started_at: ago(14),
});

const PEOPLE = ['dr. Ayu Lestari', 'Budi Santoso', 'Siti Rahmawati', 'Dewi Anggraini', 'Agus'];

const recordings: readonly ListedRecording[] = [
  listed(queued),
  listed(running, PEOPLE.slice(0, 2)),
  listed(soundOnly, PEOPLE),
  listed(recording(2, { ...open, state: 'active', is_interrupted: true }), PEOPLE.slice(0, 1)),
  listed(
    recording(3, { state: 'uploading', ready_at: null, expires_at: null }),
    PEOPLE.slice(0, 3),
  ),
  listed(composing, PEOPLE.slice(0, 2)),
  listed(ready, PEOPLE.slice(0, 3), true),
  listed(failed, PEOPLE.slice(1, 3)),
  listed(
    recording(6, {
      kind: 'composite',
      room: LONG_NAME.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
      requested_by: LONG_NAME,
    }),
    [LONG_NAME, ...PEOPLE, ...Array.from({ length: 31 }, (_, index) => `Pasien ${index + 1}`)],
    true,
  ),
  listed(recording(7, { kind: 'composite', has_legal_hold: true }), PEOPLE.slice(0, 2), true),
  listed(recording(11, { kind: 'audio_only' }), PEOPLE.slice(0, 2)),
];

function track(
  index: number,
  [person, name]: readonly [string, string],
  source: string,
  start_ms: number,
  duration_ms: number,
): RecordingFile {
  const isSound = source === 'microphone';
  return {
    id: `file_${index}`,
    role: 'track',
    name: `${String(index).padStart(3, '0')}-par_${person}-${source}.webm`,
    content_type: isSound ? 'audio/webm' : 'video/webm',
    bytes: Math.round(duration_ms * (isSound ? 4 : 60)),
    sha256: `${String(index).repeat(4)}f2a91c07b4e5d6`.padEnd(64, '7c0e'),
    participant_id: `par_${person}`,
    participant_name: name,
    source,
    codec: isSound ? 'A_OPUS' : 'V_VP8',
    start_ms,
    duration_ms,
    verified_at: null,
    is_intact: null,
  };
}

const ayu = ['ayu', 'dr. Ayu Lestari'] as const;
const budi = ['budi', 'Budi Santoso'] as const;
const siti = ['siti', 'Siti Rahmawati'] as const;
const detail: RecordingDetail = {
  ...ready,
  files: [
    track(1, ayu, 'microphone', 0, LENGTH_MS),
    track(2, ayu, 'camera', 400, LENGTH_MS - 400),
    track(3, budi, 'microphone', 21_000, 700_000),
    track(4, budi, 'camera', 22_500, 640_000),
    track(5, budi, 'microphone', 760_000, 692_000),
    track(6, budi, 'camera', 761_000, 691_000),
    track(7, siti, 'microphone', 380_000, 500_000),
    track(8, ayu, 'screen', 500_000, 240_000),
  ],
  targets: [],
  people: [ayu, budi, siti].map(([person, name], index) => ({
    participant_id: `par_${person}`,
    name,
    subject: index === 0 ? 'dokter-ayu' : `pasien-${index}`,
    joined_at: ago(279 - index * 3),
    left_at: ago(255),
  })),
  consents: [ayu, budi, siti].map(([person, name]) => ({
    participant_id: `par_${person}`,
    name,
    consented_at: ago(278),
    agrees: person !== 'siti',
    is_starter: person === 'ayu',
  })),
  links: [
    {
      id: 'rlk_1',
      created_by: 'siti@kliniksehat.example',
      created_at: ago(50),
      expires_at: ago(-1_390),
    },
  ],
};
/** One picture of everybody, with the log of who spoke. */
const composite: RecordingDetail = {
  ...detail,
  kind: 'composite',
  files: [
    {
      ...track(1, ayu, 'camera', 0, LENGTH_MS),
      id: 'file_composite',
      role: 'composite',
      name: 'composite.mp4',
      content_type: 'video/mp4',
      participant_id: null,
      participant_name: null,
      source: null,
      codec: null,
    },
    {
      ...track(2, ayu, 'microphone', 0, LENGTH_MS),
      id: 'file_events',
      role: 'events',
      name: 'events.jsonl',
      content_type: 'application/jsonl',
      participant_id: null,
      participant_name: null,
      source: null,
      codec: null,
    },
    {
      ...track(3, ayu, 'camera', 0, 0),
      id: 'file_poster',
      role: 'poster',
      name: 'poster.jpg',
      content_type: 'image/jpeg',
      participant_id: null,
      participant_name: null,
      source: null,
      codec: null,
      start_ms: null,
      duration_ms: null,
      bytes: 48_200,
    },
  ],
};

/** A stream to three places, one of which is well. */
const streamed: RecordingDetail = {
  ...detail,
  ...running,
  kind: 'stream',
  layout: 'speaker',
  compose: 'live',
  files: [],
  targets: [
    place('str_1', 'YouTube', 'rtmps://a.rtmps.youtube.com/live2', {
      state: 'live',
      bitrate_bps: 2_940_000,
      viewer_url: 'https://youtu.be/abc',
      started_at: ago(4),
    }),
    place('str_2', 'Kanal Klinik Sehat', 'rtmp://live.klinik.example/app', {
      state: 'reconnecting',
      failure: 'connection_lost',
      started_at: ago(3),
    }),
    place('str_3', LONG_NAME, 'rtmps://siaran.melati.example:1936/app', {
      state: 'refused',
      failure: 'key_refused',
    }),
  ],
};

function place(
  id: string,
  name: string,
  url: string,
  more: Partial<RecordingTarget>,
): RecordingTarget {
  return {
    id,
    name,
    url,
    key_end: '1234',
    viewer_url: null,
    state: 'connecting',
    failure: null,
    bitrate_bps: null,
    is_removed: false,
    started_at: null,
    ...more,
  };
}

const EVENTS = [
  { at_ms: 0, type: 'participant_joined', participant_id: 'par_ayu', name: 'dr. Ayu Lestari' },
  { at_ms: 21_000, type: 'participant_joined', participant_id: 'par_budi', name: 'Budi Santoso' },
  { at_ms: 380_000, type: 'participant_joined', participant_id: 'par_siti', name: LONG_NAME },
  { at_ms: 880_000, type: 'participant_left', participant_id: 'par_siti' },
  ...Array.from({ length: 60 }, (_, turn) => ({
    at_ms: 4_000 + turn * 24_000,
    type: 'speakers_changed',
    participant_ids: [
      [['par_ayu'], ['par_budi'], ['par_ayu'], [], ['par_siti', 'par_ayu']][(turn * 7) % 5] ?? [],
    ].flat(),
  })),
];

/** A composite with its log. */
const compositeApi: Readonly<Record<string, Answer>> = {
  'GET /v1/recordings/*': { body: composite },
  [`POST /v1/recordings/${ready.id}/files/file_events/link`]: {
    body: { url: 'https://call.example/v1/recording_files/events', expires_at: ago(-15) },
  },
  'GET /v1/recording_files/events': { text: EVENTS.map((line) => JSON.stringify(line)).join('\n') },
};

const view = (index: number, viewer: string, kind: string, minutes: number): RecordingView => ({
  id: `view_${index}`,
  at: ago(minutes),
  kind,
  file_id: kind === 'file' ? 'file_2' : null,
  link_id: kind === 'link_opened' ? 'rlk_1' : null,
  viewer_kind: kind === 'link_opened' ? 'link' : 'user',
  viewer_id: null,
  viewer,
  address: '203.0.113.24',
});
const bare = (one: Recording): Answer => ({
  body: {
    ...one,
    files: [],
    people: [],
    consents: [],
    links: [],
    targets: [],
  } satisfies RecordingDetail,
});

/** What the server answers about recordings in the gallery. */
export const recordingsApi: Readonly<Record<string, Answer>> = {
  'GET /v1/recordings': list(recordings, 'next'),
  'GET /v1/recordings/quota': list([
    {
      app_id: APP,
      app_name: 'Klinik Sehat',
      running: 2,
      recordings_at_once: 4,
      kept: 128,
      bytes: 38_400_000_000,
      storage_bytes: 50_000_000_000,
      retention_days: 90,
      slots: {
        guaranteed_millicores: 1_200,
        burst_millicores: 3_000,
        weight: 2,
        used_millicores: 517,
        waiting: 2,
      },
    },
    {
      app_id: 'klinik-coba-a3b8x',
      app_name: 'Klinik Sehat (coba)',
      running: 0,
      recordings_at_once: 1,
      kept: 1,
      bytes: 187_400_000,
      storage_bytes: null,
      retention_days: null,
      slots: {
        guaranteed_millicores: 0,
        burst_millicores: null,
        weight: 1,
        used_millicores: 0,
        waiting: 0,
      },
    },
  ]),
  'GET /v1/recordings/*': { body: detail },
  'POST /v1/recordings/*/files/*/link': {
    body: { url: 'https://call.example/v1/recording_files/AZN6XI8rfD6d', expires_at: ago(-15) },
  },
  'GET /v1/recordings/*/views': list([
    view(1, 'siti@kliniksehat.example', 'file', 12),
    view(2, 'siti@kliniksehat.example', 'link_opened', 40),
    view(3, 'dewi@kliniksehat.example', 'evidence', 90),
  ]),
  'PUT /v1/recordings/*/targets': { body: streamed },
  'POST /v1/apps/*/rooms/*/recordings': { status: 201, body: running },
  'POST /v1/recordings/*/verify': {
    body: { is_intact: true, files: detail.files.map((file) => ({ ...file, is_intact: true })) },
  },
  'GET /v1/recordings/*/evidence': { body: { exported_at: ago(0), recording: detail, views: [] } },
  'POST /v1/recordings/*/links': {
    status: 201,
    body: {
      link: detail.links[0],
      url: 'https://call.example/v1/recording_links/8NbQ5fR2kX9w',
    },
  },
  'DELETE /v1/recordings/*/links/*': { status: 204, body: null },
  'POST /v1/recordings/*/stop': { body: running },
  'POST /v1/recordings/*/restore': { body: ready },
  'PUT /v1/recordings/*/legal_hold': { body: ready },
  'DELETE /v1/recordings/*': { body: deleted },
};

/** A recording behind a link, with links to its files. */
const shared = (one: RecordingDetail, urlOf: (file: RecordingFile) => string): Answer => ({
  body: {
    room: one.room,
    kind: one.kind,
    started_at: one.started_at,
    duration_ms: LENGTH_MS,
    expires_at: ago(-1_390),
    files: one.files
      .filter(({ role }) => role !== 'events')
      .map((file) => ({ file, link: { url: urlOf(file), expires_at: ago(-15) } })),
  },
});
const fileUrl = ({ id }: RecordingFile) => `https://call.example/v1/recording_files/${id}`;

/** What somebody with a link sees, without a login. */
export const sharedScenes: Readonly<Record<string, Scene>> = {
  'shared-recording': {
    path: '/shared/8NbQ5fR2kX9w',
    api: { 'GET /v1/recording_links/*': shared(detail, fileUrl) },
  },
  'shared-recording-video': {
    path: '/shared/8NbQ5fR2kX9w',
    api: {
      'GET /v1/recording_links/*': shared(composite, (file) =>
        file.role === 'poster' ? still(3, 190) : fileUrl(file),
      ),
    },
  },
  'shared-recording-ended': {
    path: '/shared/8NbQ5fR2kX9w',
    api: { 'GET /v1/recording_links/*': { problem: 'recording_link_invalid', status: 404 } },
  },
};

export const recordingScenes: Readonly<
  Record<string, { readonly path: string; readonly api?: Readonly<Record<string, Answer>> }>
> = {
  recordings: { path: '/recordings' },
  'recordings-empty': { path: '/recordings', api: { 'GET /v1/recordings': list([]) } },
  'recordings-no-match': {
    path: '/recordings?state=failed',
    api: { 'GET /v1/recordings': list([]) },
  },
  'recordings-loading': { path: '/recordings', api: { 'GET /v1/recordings': 'never' } },
  'recordings-error': {
    path: '/recordings',
    api: { 'GET /v1/recordings': { problem: 'internal', status: 500 } },
  },
  'recordings-forbidden': {
    path: '/recordings',
    api: { 'GET /v1/recordings': { problem: 'forbidden', status: 403 } },
  },
  'recordings-deleted': {
    path: '/recordings?status=deleted',
    api: { 'GET /v1/recordings': list([listed(deleted, PEOPLE.slice(0, 2))]) },
  },
  recording: { path: `/recordings/${ready.id}` },
  'recording-composite': { path: `/recordings/${ready.id}`, api: compositeApi },
  'recording-sound-only': {
    path: `/recordings/${ready.id}`,
    api: { 'GET /v1/recordings/*': bare(soundOnly) },
  },
  'recording-streamed': {
    path: `/recordings/${running.id}`,
    api: { 'GET /v1/recordings/*': { body: streamed } },
  },
  'recording-queued': {
    path: `/recordings/${ready.id}`,
    api: { 'GET /v1/recordings/*': bare(queued) },
  },
  'recording-composing': {
    path: `/recordings/${ready.id}`,
    api: { 'GET /v1/recordings/*': bare(composing) },
  },
  'recording-running': {
    path: `/recordings/${running.id}`,
    api: { 'GET /v1/recordings/*': bare(running) },
  },
  'recording-failed': {
    path: `/recordings/${failed.id}`,
    api: { 'GET /v1/recordings/*': bare(failed) },
  },
  'recording-deleted': {
    path: `/recordings/${deleted.id}`,
    api: { 'GET /v1/recordings/*': { body: { ...detail, ...deleted } } },
  },
  'recording-gone': {
    path: `/recordings/${ready.id}`,
    api: { 'GET /v1/recordings/*': { problem: 'not_found', status: 404 } },
  },
};
