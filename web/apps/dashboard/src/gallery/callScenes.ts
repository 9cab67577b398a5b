import type { Call, CallEvent, CallParticipant, QualityCourse } from '../api/calls';
import type { Answer } from '../testing/FakeApi';
import { list } from './fixtures';

const APP = 'klinik-sehat-p7w2m';
const CALL = 'call_019a8f3e5c7d7b0e9a51c2d4e6f80a1b';
const MINUTE = 60_000;
/** Some minutes ago, on a full ten seconds. */
const START = Math.floor((Date.now() - 94 * MINUTE) / 10_000) * 10_000;
const LENGTH_S = 1_452;
const at = (seconds: number) => new Date(START + seconds * 1_000).toISOString();

function call(index: number, more: Partial<Call> = {}): Call {
  const started = START - index * 47 * MINUTE;
  const duration_s = 240 + ((index * 397) % 2_900);
  const participants = index % 6 === 5 ? 7 : 2;
  return {
    id: index === 0 ? CALL : `${CALL.slice(0, -4)}${String(1_000 + index)}`,
    app_id: APP,
    room: ['konsultasi-dr-ayu', 'apotek', 'konsultasi-dr-bima', 'pendaftaran'][index % 4] ?? '',
    started_at: new Date(started).toISOString(),
    ended_at: new Date(started + duration_s * 1_000).toISOString(),
    end_reason: null,
    duration_s,
    participants,
    participant_minutes: Math.round((participants * duration_s * 0.9) / 0.6) / 100,
    peak_participants: participants,
    quality:
      (['good', 'good', 'good', 'fair', 'good', 'poor', 'unknown'] as const)[index % 7] ?? 'good',
    is_live: false,
    ...more,
  };
}

const detail: Call = call(0, {
  ended_at: at(LENGTH_S),
  duration_s: LENGTH_S,
  participants: 4,
  participant_minutes: 78.42,
  peak_participants: 4,
  quality: 'fair',
});

type LeaveReason = CallParticipant['stays'][number]['leave_reason'];

function participant(
  id: string,
  name: string,
  stays: readonly (readonly [number, number, LeaveReason])[],
  more: Partial<CallParticipant> = {},
): CallParticipant {
  return {
    participant_id: `par_${id}`,
    name,
    subject: `pasien-${id}`,
    role: 'participant',
    stays: stays.map(([joined, left, leave_reason]) => ({
      joined_at: at(joined),
      left_at: at(left),
      leave_reason,
    })),
    duration_s: stays.reduce((sum, [joined, left]) => sum + left - joined, 0),
    browser: 'Chrome 141',
    os: 'Android 14',
    sdk: 'jumpa-js 0.1.0',
    via: 'signalling',
    transport: 'udp',
    codecs: ['audio/opus', 'video/VP8'],
    quality: 'good',
    mos: 4.31,
    hints: [],
    ...more,
  };
}

const participants = [
  participant('ayu', 'dr. Ayu Lestari', [[0, LENGTH_S, 'left']], {
    subject: 'dokter-ayu',
    role: 'moderator',
    os: 'Windows 11',
    codecs: ['audio/opus', 'video/H264'],
  }),
  participant(
    'budi',
    'Budi Santoso',
    [
      [34, 610, 'connection_lost'],
      [655, LENGTH_S - 3, 'left'],
    ],
    {
      quality: 'poor',
      mos: 3.12,
      hints: [
        { code: 'packet_loss', params: { share: 0.34 } },
        { code: 'frozen_video', params: { count: 21 } },
        { code: 'reconnections', params: { count: 2 } },
      ],
    },
  ),
  participant('siti', 'Siti Rahmawati', [[120, 1_300, 'left']], {
    browser: 'Safari 18',
    os: 'iOS 18',
    quality: 'fair',
    mos: 3.84,
    transport: 'tcp',
    hints: [{ code: 'tcp_path', params: { share: 1 } }],
  }),
  participant('dewi', 'Dewi', [[700, 1_180, 'removed']], {
    subject: null,
    quality: 'unknown',
    mos: null,
    transport: null,
    codecs: [],
  }),
];

let eventCount = 0;
function event(
  seconds: number,
  id: string,
  kind: CallEvent['kind'],
  detail: Readonly<Record<string, unknown>>,
): CallEvent {
  eventCount += 1;
  return { id: `rep_${eventCount}`, at: at(seconds), participant_id: `par_${id}`, kind, detail };
}
const source = (seconds: number, id: string, name: string, state: string) =>
  event(seconds, id, 'source_changed', { source: name, state });
const connection = (seconds: number, id: string, state: string) =>
  event(seconds, id, 'connection_changed', { connection: state });

const events = [
  source(0, 'ayu', 'microphone', 'live'),
  source(0, 'ayu', 'camera', 'live'),
  connection(1, 'ayu', 'connected'),
  event(20, 'budi', 'lobby_entered', { name: 'Budi Santoso' }),
  event(34, 'budi', 'lobby_left', { is_admitted: true }),
  source(34, 'budi', 'microphone', 'live'),
  source(36, 'budi', 'camera', 'live'),
  source(120, 'siti', 'microphone', 'muted'),
  source(180, 'siti', 'microphone', 'live'),
  source(300, 'ayu', 'screen', 'live'),
  source(420, 'siti', 'microphone', 'muted'),
  connection(380, 'budi', 'reconnecting'),
  connection(394, 'budi', 'connected'),
  source(520, 'siti', 'microphone', 'live'),
  connection(586, 'budi', 'reconnecting'),
  source(656, 'budi', 'microphone', 'live'),
  source(702, 'dewi', 'camera', 'live'),
  source(760, 'ayu', 'screen', 'off'),
  source(800, 'budi', 'camera', 'live'),
  event(900, 'siti', 'role_changed', { role: 'moderator' }),
  source(980, 'budi', 'camera', 'off'),
];

function course(id: string, from: number, until: number, loss: number, rtt: number): QualityCourse {
  const points = (kind: 'audio' | 'video') =>
    Array.from({ length: Math.floor((until - from) / 10) }, (_, index) => {
      const wave = 1 + Math.sin(index / 5) * 0.4 + Math.sin(index * 1.7) * 0.2;
      const isRough = loss > 0.02 && index > 28 && index < 60;
      return {
        at: at(from + index * 10 + 4),
        packet_loss_ratio: Math.max(0, loss * wave * (isRough ? 4 : 1)),
        jitter_ms: 6 * wave,
        round_trip_time_ms: rtt * wave * (isRough ? 2.6 : 1),
        bitrate_bps:
          (kind === 'video' ? 1_150_000 : 34_000) * (isRough ? 0.35 : 1) * (0.8 + wave / 6),
        frames_per_second: kind === 'video' ? (isRough ? 14 : 29) + wave : null,
        frame_height: kind === 'video' ? 720 : null,
        freeze_count: null,
        concealed_ratio: null,
        mos: null,
      };
    });
  const directions = ['received', 'sent'] as const;
  return {
    participant_id: `par_${id}`,
    tracks: directions.flatMap((direction) => [
      {
        direction,
        kind: 'audio' as const,
        source: 'microphone',
        codec: 'audio/opus',
        from_participant_id: null,
        points: points('audio'),
      },
      {
        direction,
        kind: 'video' as const,
        source: 'camera',
        codec: 'video/VP8',
        from_participant_id: null,
        points: points('video'),
      },
    ]),
  };
}

const rated = { ...detail, rating: { average: 4.5, count: 2 } };

/** What the server answers about calls in the gallery. */
export const callsApi: Readonly<Record<string, Answer>> = {
  'GET /v1/calls': list(
    [
      call(0, { is_live: true, ended_at: null, quality: 'unknown', started_at: at(5_400) }),
      ...Array.from({ length: 24 }, (_, index) => call(index + 1)),
    ],
    'next',
  ),
  'GET /v1/calls/*': { body: rated },
  'GET /v1/calls/*/participants': list(participants),
  'GET /v1/calls/*/events': list(events),
  'GET /v1/calls/*/quality': {
    body: {
      data: [
        course('ayu', 0, LENGTH_S, 0.003, 42),
        course('budi', 34, LENGTH_S, 0.04, 118),
        course('siti', 120, 1_300, 0.008, 96),
      ],
    },
  },
};

type Scenes = Readonly<
  Record<string, { readonly path: string; readonly api?: Readonly<Record<string, Answer>> }>
>;

export const callScenes: Scenes = {
  calls: { path: '/calls' },
  'calls-empty': { path: '/calls', api: { 'GET /v1/calls': list([]) } },
  'calls-no-match': { path: '/calls?quality=poor', api: { 'GET /v1/calls': list([]) } },
  'calls-loading': { path: '/calls', api: { 'GET /v1/calls': 'never' } },
  'calls-error': {
    path: '/calls',
    api: { 'GET /v1/calls': { problem: 'internal', status: 500 } },
  },
  'calls-forbidden': {
    path: '/calls',
    api: { 'GET /v1/calls': { problem: 'forbidden', status: 403 } },
  },
  call: { path: `/calls/${CALL}` },
  'call-loading': { path: `/calls/${CALL}`, api: { 'GET /v1/calls/*': 'never' } },
  'call-gone': {
    path: `/calls/${CALL}`,
    api: { 'GET /v1/calls/*': { problem: 'not_found', status: 404 } },
  },
  'call-unmeasured': {
    path: `/calls/${CALL}`,
    api: {
      'GET /v1/calls/*': {
        body: { ...rated, quality: 'unknown', rating: { average: null, count: 0 } },
      },
      'GET /v1/calls/*/participants': list(
        participants.map((one) => ({ ...one, quality: 'unknown', mos: null, hints: [] })),
      ),
      'GET /v1/calls/*/quality': { body: { data: [] } },
    },
  },
};
