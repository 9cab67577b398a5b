import type { PreparedRoom } from '../api/preparedRooms';
import type { LiveParticipant, LiveRoom } from '../api/rooms';
import type { Answer } from '../testing/FakeApi';
import { clientApp, viewerApi } from './clientFixtures';
import { ago, LONG_NAME, list } from './fixtures';

const APP = 'klinik-sehat-p7w2m';
const live = (index: number, room: string, more: Partial<LiveRoom> = {}): LiveRoom => ({
  app_id: APP,
  app_name: 'Klinik Sehat',
  room,
  call_id: `call_live_${index}`,
  started_at: ago(4 + index * 13),
  participants: 2,
  waiting: 0,
  is_locked: false,
  has_lobby: false,
  node_id: 'node_1',
  ...more,
});
const rooms = [
  live(0, 'konsultasi-dr-ayu', { participants: 3, waiting: 1, has_lobby: true }),
  live(1, 'apotek'),
  live(2, 'rapat-senin', { participants: 14, is_locked: true }),
  live(3, 'halo', {
    app_id: 'klinik-coba-a3b8x',
    app_name: 'Klinik Sehat (coba)',
    participants: 1,
  }),
];

const somebody = (
  id: string,
  name: string,
  more: Partial<LiveParticipant> = {},
): LiveParticipant => ({
  id: `par_${id}`,
  name,
  subject: `pasien-${id}`,
  role: 'participant',
  joined_at: ago(3),
  connection: 'connected',
  via: 'signalling',
  is_muted: { microphone: false, camera: false },
  is_sharing_screen: false,
  waits_in_lobby: false,
  ...more,
});

const prepared = (room: string, more: Partial<PreparedRoom> = {}): PreparedRoom => ({
  app_id: APP,
  room,
  has_password: false,
  has_lobby: false,
  max_participants: null,
  auto_record: null,
  recording_required: false,
  expires_at: null,
  prepared_at: ago(40),
  ...more,
});
const composite: NonNullable<PreparedRoom['auto_record']> = {
  kind: 'composite',
  layout: 'side_by_side',
  compose: 'after_call',
  height: 1080,
  has_names: true,
  target_ids: [],
};
const preparedRooms = [
  prepared('konsultasi-budi', {
    has_password: true,
    has_lobby: true,
    max_participants: 2,
    auto_record: composite,
    recording_required: true,
    expires_at: ago(-26 * 60),
  }),
  prepared('kontrol-siti-rahmawati-rabu-pagi-jam-sembilan', {
    has_lobby: true,
    auto_record: { ...composite, kind: 'audio_only' },
  }),
  prepared('rapat-dewi', { app_id: 'klinik-coba-a3b8x', max_participants: 12 }),
  prepared('apotek', { recording_required: true }),
  prepared('halo-agus'),
];

/** What the server answers about rooms in the gallery. */
export const roomsApi: Readonly<Record<string, Answer>> = {
  'GET /v1/rooms': list(rooms),
  'GET /v1/apps/*/rooms/*': { body: rooms[0] },
  'PUT /v1/apps/*/rooms/*': { body: preparedRooms[0] },
  'GET /v1/prepared_rooms': list(preparedRooms),
  'GET /v1/apps/*/prepared_rooms/*': { problem: 'room_not_prepared', status: 404 },
  'DELETE /v1/apps/*/prepared_rooms/*': { status: 204, body: null },
  'GET /v1/apps/*/rooms/*/participants': list([
    somebody('ayu', 'dr. Ayu Lestari', {
      role: 'moderator',
      subject: 'dokter-ayu',
      is_sharing_screen: true,
      joined_at: ago(4),
    }),
    somebody('budi', 'Budi Santoso', { is_muted: { microphone: true, camera: false } }),
    somebody('siti', LONG_NAME, {
      connection: 'reconnecting',
      is_muted: { microphone: true, camera: true },
      subject: null,
    }),
    somebody('dewi', 'Dewi', { waits_in_lobby: true, connection: 'connecting', joined_at: ago(1) }),
  ]),
  'POST /v1/apps/*/rooms/*/end': { status: 204, body: null },
  'POST /v1/apps/*/rooms/*/lock': { status: 204, body: null },
  'POST /v1/apps/*/rooms/*/message': { status: 204, body: null },
  'POST /v1/apps/*/rooms/*/participants/*/mute': { status: 204, body: null },
  'POST /v1/apps/*/rooms/*/participants/*/remove': { status: 204, body: null },
  'POST /v1/apps/*/rooms/*/participants/*/message': { status: 204, body: null },
  'POST /v1/apps/*/rooms/*/participants/*/admit': { status: 204, body: null },
};

const inRoom = `/rooms/${APP}/konsultasi-dr-ayu`;

export const roomScenes: Readonly<
  Record<string, { readonly path: string; readonly api?: Readonly<Record<string, Answer>> }>
> = {
  rooms: { path: '/rooms' },
  'rooms-empty': { path: '/rooms', api: { 'GET /v1/rooms': list([]) } },
  'rooms-loading': { path: '/rooms', api: { 'GET /v1/rooms': 'never' } },
  'rooms-error': { path: '/rooms', api: { 'GET /v1/rooms': { problem: 'internal', status: 500 } } },
  'prepared-rooms': { path: '/rooms/prepared' },
  'prepared-rooms-empty': { path: '/rooms/prepared', api: { 'GET /v1/prepared_rooms': list([]) } },
  'prepared-rooms-no-match': {
    path: '/rooms/prepared?search=melati',
    api: { 'GET /v1/prepared_rooms': list([]) },
  },
  'prepared-rooms-loading': {
    path: '/rooms/prepared',
    api: { 'GET /v1/prepared_rooms': 'never' },
  },
  'prepared-rooms-error': {
    path: '/rooms/prepared',
    api: { 'GET /v1/prepared_rooms': { problem: 'internal', status: 500 } },
  },
  'prepared-rooms-forbidden': {
    path: '/rooms/prepared',
    api: { 'GET /v1/prepared_rooms': { problem: 'forbidden', status: 403 } },
  },
  'prepared-rooms-viewer': { path: '/rooms/prepared', api: viewerApi },
  'prepared-rooms-one-app': {
    path: '/rooms/prepared',
    api: {
      'GET /v1/apps': list([
        clientApp(APP, 'Klinik Sehat', { recording_required: true, auto_record: composite }),
      ]),
    },
  },
  room: { path: inRoom },
  'room-over': {
    path: inRoom,
    api: { 'GET /v1/apps/*/rooms/*': { problem: 'room_unknown', status: 404 } },
  },
};
