import {
  type ChatEntry,
  type JoinErrorCode,
  type LeaveReason,
  type LocalMediaState,
  type MediaErrorCode,
  type ParticipantView,
  type RecordingView,
  RequestError,
  type RoomState,
  type StoredStreamTarget,
} from '@jumpa/sdk';
import type { ReactNode } from 'react';
import { BrandProvider } from '../branding/BrandContext';
import { type Branding, NO_BRANDING } from '../branding/brandLook';
import { CallScreen } from '../call/CallScreen';
import type { CallUi } from '../call/callUi';
import { IconHandStop, IconMessage } from '../icons';
import { AppLanding } from '../landing/AppLandingPage';
import { LandingPage } from '../landing/LandingPage';
import { LeftScreen } from '../left/LeftScreen';
import { LobbyScreen } from '../lobby/LobbyScreen';
import { BadLinkPage } from '../pages/BadLinkPage';
import { AppProblem } from '../prejoin/AppProblem';
import { PrejoinScreen } from '../prejoin/PrejoinScreen';
import { RoomProvider } from '../session/RoomContext';
import type { Toast } from '../toasts/toastQueue';
import { drawFace, drawScreen, faceTrack } from './drawFace';
import { FakeDevices, FakeRoom, type FakeRoomOptions, type Pictures } from './FakeRoom';
import { people } from './people';
import { MEDIA_OFF, MEDIA_ON, mediaWithError, roomState } from './roomState';

const now = Date.now();
const pictures: Pictures = { face: drawFace, screen: drawScreen, track: faceTrack };
const nothing = () => undefined;

function call(
  state: Partial<RoomState>,
  ui?: Partial<CallUi>,
  media: LocalMediaState = MEDIA_ON,
  toasts?: readonly Toast[],
  answers?: Pick<FakeRoomOptions, 'listStreamTargets'>,
): ReactNode {
  const room = new FakeRoom(roomState(state), media, { pictures, ...answers });
  return (
    <RoomProvider room={room} devices={new FakeDevices()}>
      <CallScreen {...(ui && { initialUi: ui })} {...(toasts && { initialToasts: toasts })} />
    </RoomProvider>
  );
}

function prejoin(options: {
  media?: LocalMediaState;
  sourceError?: MediaErrorCode;
  error?: JoinErrorCode;
  isJoining?: boolean;
  isEmpty?: boolean;
  tokenName?: string;
  allowsGuests?: boolean;
  branding?: Branding;
}): ReactNode {
  const branding = options.branding ?? NO_BRANDING;
  const state = roomState({
    phase: options.isJoining ? 'joining' : 'idle',
    participants: [],
    phaseSince: now - 7_000,
  });
  const room = new FakeRoom(state, options.media ?? MEDIA_ON, {
    sourceError: options.sourceError,
    pictures,
  });
  return (
    <RoomProvider room={room} devices={new FakeDevices(options.isEmpty)}>
      <BrandProvider name={branding.displayName ?? 'Klinik Sehat'} branding={branding}>
        <PrejoinScreen
          app={{
            id: 'klinik-sehat-k3x9q',
            name: branding.displayName ?? 'Klinik Sehat',
            allowsGuests: options.allowsGuests ?? true,
            branding,
          }}
          roomName="konsultasi-dr-ayu"
          hasToken={options.tokenName !== undefined}
          tokenName={options.tokenName ?? null}
          error={options.error ?? null}
          isJoining={options.isJoining ?? false}
          onJoin={nothing}
          onCancel={nothing}
        />
      </BrandProvider>
    </RoomProvider>
  );
}

function changed(
  list: ParticipantView[],
  changes: Record<number, Partial<ParticipantView>>,
): ParticipantView[] {
  return list.map((person, index) => ({ ...person, ...changes[index] }));
}

/** A sign as a picture in the page: the gallery asks no other server. */
const LOGO = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="#c2185b"/><path d="M9 21c2-8 5-11 7-11s5 3 7 11" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>',
)}`;

const CHAT: readonly ChatEntry[] = [
  chat(1, 1, 'Selamat pagi, semuanya 👋'),
  chat(2, 1, 'Hasil lab ada di https://klinik.example/hasil/2381?lang=id, silakan dibuka.'),
  chat(3, 0, 'Terima kasih, dok. Saya buka dulu.'),
  chat(4, 2, 'Suaranya jelas. Bisa kita mulai?'),
  chat(5, 1, 'Hanya untuk Anda: tekanan darahnya masih tinggi.', 'par_000'),
  chat(6, 0, 'Baik, saya mengerti.', 'par_001'),
  chat(
    7,
    5,
    'Ini pesan yang panjang sekali supaya kita melihat bagaimana baris-barisnya dibungkus di dalam panel yang sempit, termasuk KataYangSangatPanjangTanpaSpasiSamaSekaliSepertiAlamatAtauKode1234567890.',
  ),
];

function chat(order: number, from: number, text: string, to?: string): ChatEntry {
  const person = people(8)[from];
  return {
    id: `msg_${order}`,
    from: person?.id ?? '',
    fromName: person?.name ?? '',
    text,
    atMs: now - (8 - order) * 70_000,
    isOwn: from === 0,
    ...(to && { to }),
  };
}

const LOBBY = [
  { participantId: 'par_900', name: 'Ratna Sari', isVerified: false, sinceMs: now - 95_000 },
  { participantId: 'par_901', name: 'Hendra Gunawan', isVerified: true, sinceMs: now - 12_000 },
];

const TOASTS: readonly Toast[] = [
  {
    id: 1,
    tone: 'attention',
    text: 'Budi Santoso raises a hand',
    icon: <IconHandStop />,
    durationMs: 600_000,
  },
  {
    id: 2,
    tone: 'info',
    title: 'dr. Ayu Lestari',
    text: 'Hasil lab ada di https://klinik.example/hasil/2381, silakan dibuka.',
    icon: <IconMessage />,
    action: { label: 'Open', run: nothing },
    durationMs: 600_000,
  },
];

const SHARING = changed(people(6), { 1: { screen: 'live' } });
const LIVELY = changed(people(6), {
  1: { quality: 'poor', qualityCause: 'uplink_loss' },
  2: { handRaisedAtMs: now - 4_000 },
  4: { connection: 'reconnecting', quality: 'lost' },
  5: { quality: 'fair' },
});

const RECORDING: RecordingView = {
  id: 'rec_0',
  kind: 'tracks',
  state: 'active',
  startedAtMs: now - 201_000,
  startedBy: 'dr. Ayu Lestari',
  isSoundOnly: false,
  isRequired: false,
  streams: [],
};

const STREAM: RecordingView = {
  ...RECORDING,
  id: 'rec_5',
  kind: 'stream',
  streams: [
    {
      id: 'str_1',
      name: 'YouTube',
      state: 'live',
      bitrateBps: 2_940_000,
      viewerUrl: 'https://youtu.be/abc',
    },
    { id: 'str_2', name: 'Kanal Klinik Sehat', state: 'reconnecting', failure: 'connection_lost' },
    { id: 'str_3', name: 'live.klinik.example', state: 'refused', failure: 'key_refused' },
  ],
};

const STORED: readonly StoredStreamTarget[] = [
  { id: 'str_2', name: 'Kanal Klinik Sehat' },
  { id: 'str_8', name: 'YouTube' },
  {
    id: 'str_9',
    name: 'Siaran penyuluhan kesehatan ibu dan anak untuk seluruh cabang Jawa Tengah',
  },
];

/** As many as an app can have. */
const MANY_STORED = Array.from({ length: 50 }, (_, index) => ({
  id: `str_1${index}`,
  name: `Kanal cabang ${index + 1}`,
}));

function goLive(listStreamTargets: NonNullable<FakeRoomOptions['listStreamTargets']>): ReactNode {
  return call({}, { dialog: { name: 'go_live' } }, MEDIA_ON, undefined, { listStreamTargets });
}

const ANSWERED = { answeredRecordings: [RECORDING.id, STREAM.id] };

function left(reason: LeaveReason, wasRecorded = false): ReactNode {
  return (
    <LeftScreen
      left={{ reason, durationMs: 3_754_000, ratingToken: 'rate', wasRecorded }}
      onRejoin={nothing}
    />
  );
}

const BRANDING: Branding = {
  logoUrl: LOGO,
  accentColor: '#c2185b',
  backgroundColor: '#fff6ee',
  displayName: 'Toko Melati',
  welcomeText: 'Selamat datang di Toko Melati.\nTim kami bergabung dalam beberapa menit.',
};

/** The looks of scenes that hold the appearance fixed, by name. */
export const brandings: Readonly<Record<string, Branding>> = {
  'prejoin-branded': BRANDING,
  'app-landing-branded': BRANDING,
};

function appLanding(branding: Branding): ReactNode {
  const app = { id: 'melati', name: 'Toko Melati', allowsGuests: true, branding };
  return (
    <BrandProvider name={app.name} branding={branding}>
      <AppLanding app={app} />
    </BrandProvider>
  );
}

/** Every screen and state by name. */
export const scenes: Readonly<Record<string, () => ReactNode>> = {
  prejoin: () => prejoin({}),
  'prejoin-branded': () => prejoin({ branding: BRANDING }),
  'prejoin-off': () => prejoin({ media: MEDIA_OFF, sourceError: 'unknown' }),
  'prejoin-denied': () =>
    prejoin({ media: mediaWithError('permission_denied'), sourceError: 'permission_denied' }),
  'prejoin-dismissed': () =>
    prejoin({ media: mediaWithError('permission_dismissed'), sourceError: 'permission_dismissed' }),
  'prejoin-missing': () =>
    prejoin({
      media: mediaWithError('device_missing'),
      sourceError: 'device_missing',
      isEmpty: true,
    }),
  'prejoin-busy': () =>
    prejoin({ media: mediaWithError('device_busy'), sourceError: 'device_busy' }),
  'prejoin-password': () => prejoin({ error: 'password_required' }),
  'prejoin-password-wrong': () => prejoin({ error: 'password_wrong' }),
  'prejoin-expired': () => prejoin({ error: 'token_expired', tokenName: 'Siti Rahmawati' }),
  'prejoin-full': () => prejoin({ error: 'room_full' }),
  'prejoin-no-recorder': () => prejoin({ error: 'recorder_unavailable' }),
  'prejoin-internal': () => prejoin({ error: 'internal' }),
  'prejoin-guest-refused': () => prejoin({ allowsGuests: false }),
  'prejoin-token': () => prejoin({ tokenName: 'Siti Rahmawati' }),
  joining: () => prejoin({ isJoining: true }),
  lobby: () => (
    <RoomProvider
      room={
        new FakeRoom(
          roomState({
            phase: 'lobby',
            participants: [],
            lobbyInfo: { appName: 'Klinik Sehat', hasModerator: true },
          }),
          MEDIA_ON,
          { pictures },
        )
      }
      devices={new FakeDevices()}
    >
      <LobbyScreen onCancel={nothing} />
    </RoomProvider>
  ),
  alone: () => call({ participants: people(1) }),
  'alone-camera-off': () =>
    call(
      { participants: changed(people(1), { 0: { camera: 'off', microphone: 'muted' } }) },
      {},
      MEDIA_OFF,
    ),
  two: () => call({ participants: people(2), speakers: ['par_001'] }),
  'two-camera-off': () =>
    call({ participants: changed(people(2), { 1: { camera: 'off' } }), speakers: ['par_001'] }),
  three: () => call({ participants: people(3), speakers: ['par_002'] }),
  five: () => call({ participants: people(5), speakers: ['par_001', 'par_002'] }),
  lively: () =>
    call(
      {
        participants: LIVELY,
        speakers: ['par_001'],
        pausedVideos: [{ participantId: 'par_005', source: 'camera' }],
      },
      {},
      MEDIA_ON,
      TOASTS,
    ),
  twelve: () => call({ participants: people(12), speakers: ['par_004'] }),
  'forty-nine': () => call({ participants: people(49), speakers: ['par_030'] }),
  speaker: () => call({ participants: people(8), speakers: ['par_001'] }, { mode: 'speaker' }),
  pinned: () =>
    call({ participants: people(5), speakers: ['par_001'] }, { pinned: 'par_004:camera' }),
  screen: () => call({ participants: SHARING, speakers: ['par_001'] }),
  'two-screens': () =>
    call({ participants: changed(SHARING, { 4: { screen: 'live' } }), speakers: ['par_001'] }),
  'own-screen': () =>
    call(
      { participants: changed(people(4), { 0: { screen: 'live' } }) },
      {},
      {
        ...MEDIA_ON,
        screen: { isOn: true, deviceId: null, isPending: false, hasAudio: false },
      },
    ),
  chat: () => call({ chat: CHAT, speakers: ['par_001'] }, { panel: 'chat' }),
  'chat-empty': () => call({}, { panel: 'chat' }),
  'chat-private': () => call({ chat: CHAT }, { panel: 'chat', chatTo: 'par_001' }),
  people: () =>
    call(
      {
        participants: changed(people(12), {
          1: { quality: 'poor', qualityCause: 'uplink_loss' },
          3: { handRaisedAtMs: now - 9_000 },
          6: { handRaisedAtMs: now - 4_000 },
        }),
        speakers: ['par_001'],
        lobby: LOBBY,
        settings: { hasPassword: true, hasLobby: true },
      },
      { panel: 'people' },
    ),
  'people-guest': () =>
    call({ participants: changed(people(5), { 0: { isModerator: false } }) }, { panel: 'people' }),
  reconnecting: () =>
    call({
      phase: 'reconnecting',
      phaseSince: now - 6_000,
      participants: changed(people(4), { 2: { connection: 'reconnecting' } }),
    }),
  'sound-blocked': () => call({ isAudioBlocked: true, participants: people(3) }),
  'audio-only': () => call({ videoQuality: 'audio_only', participants: people(4) }),
  'recording-starting': () =>
    call({ recordings: [{ ...RECORDING, state: 'starting', startedAtMs: null }] }),
  'recording-consent': () => call({ recordings: [RECORDING], speakers: ['par_001'] }),
  'recording-consent-app': () => {
    const { startedBy: _, ...byApp } = RECORDING;
    return call({ recordings: [byApp], participants: people(2) });
  },
  recording: () =>
    call(
      { recordings: [RECORDING], speakers: ['par_001'] },
      { answeredRecordings: [RECORDING.id] },
    ),
  'recording-several': () =>
    call(
      {
        recordings: [
          { ...RECORDING, startedAtMs: now - 4_201_000 },
          { ...RECORDING, id: 'rec_1', kind: 'audio_only' },
        ],
        settings: { hasPassword: true, hasLobby: true },
        room: 'konsultasi-dr-ayu-lestari-poli-anak',
      },
      { answeredRecordings: [RECORDING.id, 'rec_1'] },
    ),
  'recording-queued': () =>
    call({
      recordings: [
        {
          ...RECORDING,
          kind: 'composite',
          state: 'queued',
          startedAtMs: null,
          queue: { place: 2, expectedAtMs: now + 240_000 },
        },
      ],
    }),
  'recording-required': () => call({ recordings: [{ ...RECORDING, isRequired: true }] }),
  'recording-lost': () =>
    call({
      recordings: [{ ...RECORDING, state: 'queued', startedAtMs: null, queue: { place: 1 } }],
      recordingDeadlineMs: now + 47_000,
    }),
  'recording-sound-only': () =>
    call(
      {
        recordings: [{ ...RECORDING, kind: 'composite', isSoundOnly: true, isRequired: true }],
      },
      { ...ANSWERED, dialog: { name: 'recordings' } },
    ),
  'recordings-dialog-empty': () => call({}, { dialog: { name: 'recordings' } }),
  'recording-confirm': () => call({}, { dialog: { name: 'record' } }),
  'go-live': () => goLive(async () => STORED),
  'go-live-one': () => goLive(async () => STORED.slice(0, 1)),
  'go-live-many': () => goLive(async () => MANY_STORED),
  'go-live-none': () => goLive(async () => []),
  'go-live-loading': () => goLive(() => new Promise(nothing)),
  'go-live-failed': () => goLive(() => Promise.reject(new Error('made up'))),
  'go-live-refused': () => goLive(() => Promise.reject(new RequestError('not_granted', 'made up'))),
  'go-live-more': () =>
    call(
      { recordings: [STREAM] },
      { ...ANSWERED, dialog: { name: 'go_live', recordingId: STREAM.id } },
      MEDIA_ON,
      undefined,
      { listStreamTargets: async () => STORED },
    ),
  live: () => call({ recordings: [STREAM], speakers: ['par_001'] }, ANSWERED),
  'live-and-recorded': () =>
    call(
      {
        recordings: [RECORDING, { ...STREAM, streams: STREAM.streams.slice(1) }],
        settings: { hasPassword: true, hasLobby: true },
        room: 'konsultasi-dr-ayu-lestari-poli-anak',
      },
      ANSWERED,
    ),
  'live-consent': () => call({ recordings: [STREAM] }),
  'recordings-dialog': () =>
    call({ recordings: [RECORDING, STREAM] }, { ...ANSWERED, dialog: { name: 'recordings' } }),
  'recordings-dialog-queued': () =>
    call(
      {
        recordings: [
          {
            ...STREAM,
            state: 'queued',
            startedAtMs: null,
            queue: { place: 1 },
            streams: STREAM.streams.map(({ id, name }) => ({ id, name, state: 'connecting' })),
          },
        ],
      },
      { dialog: { name: 'recordings' } },
    ),
  'recordings-dialog-guest': () =>
    call(
      {
        recordings: [STREAM],
        participants: changed(people(3), { 0: { isModerator: false } }),
      },
      { ...ANSWERED, dialog: { name: 'recordings' } },
    ),
  'live-end': () =>
    call(
      { recordings: [STREAM] },
      { ...ANSWERED, dialog: { name: 'stop_recording', id: STREAM.id } },
    ),
  'recording-stop': () =>
    call(
      { recordings: [RECORDING] },
      {
        answeredRecordings: [RECORDING.id],
        dialog: { name: 'stop_recording', id: RECORDING.id },
      },
    ),
  settings: () => call({}, { dialog: { name: 'settings' } }),
  'settings-video': () => call({}, { dialog: { name: 'settings', tab: 'video' } }),
  'settings-general': () => call({}, { dialog: { name: 'settings', tab: 'general' } }),
  'settings-connection': () => call({}, { dialog: { name: 'settings', tab: 'connection' } }),
  shortcuts: () => call({}, { dialog: { name: 'shortcuts' } }),
  'confirm-remove': () => call({}, { dialog: { name: 'remove', participantId: 'par_002' } }),
  'confirm-end': () => call({}, { dialog: { name: 'end_call' } }),
  password: () => call({}, { dialog: { name: 'password' } }),
  asked: () =>
    call({}, { dialog: { name: 'asked', source: 'microphone', by: 'par_001' } }, MEDIA_OFF),
  'media-help': () =>
    call(
      {},
      { dialog: { name: 'media_help', source: 'microphone' } },
      mediaWithError('permission_denied'),
    ),
  left: () => left('left'),
  'left-lost': () => left('connection_lost'),
  'left-removed': () => left('removed'),
  'left-recorded': () => left('left', true),
  'left-ended': () => left('call_ended'),
  'left-restart': () => left('server_closing'),
  'left-recording-lost': () => left('recording_lost', true),
  'left-revoked': () => left('access_revoked'),
  'app-unknown': () => <AppProblem status="unknown" onRetry={nothing} />,
  unreachable: () => <AppProblem status="unreachable" onRetry={nothing} />,
  'bad-link': () => <BadLinkPage isOwnDomain={false} />,
  landing: () => <LandingPage />,
  'app-landing': () => appLanding(NO_BRANDING),
  'app-landing-branded': () => appLanding(BRANDING),
};
