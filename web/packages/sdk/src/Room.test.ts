import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Environment, PageEvent } from './Environment.js';
import type { Event } from './generated/protocol.js';
import { Room } from './Room.js';
import { FakeDevices } from './testing/FakeMedia.js';
import { FakePeerConnection } from './testing/FakePeerConnection.js';
import { FakeSocket } from './testing/FakeSocket.js';
import { serverMessage } from './testing/fixtures.js';

const BUDI = 'par_019b7700000070008000000000000002';

class World {
  readonly sockets: FakeSocket[] = [];
  readonly peers: FakePeerConnection[] = [];
  readonly devices = new FakeDevices();
  readonly storage = new Map<string, string>();
  readonly probed: string[] = [];
  page: (event: PageEvent) => void = () => undefined;

  readonly environment: { -readonly [Key in keyof Environment]: Environment[Key] } = {
    isSupported: true,
    mediaDevices: this.devices,
    client: { sdk: 'test', browser: '', os: '' },
    openSocket: () => {
      const socket = new FakeSocket();
      this.sockets.push(socket);
      return socket;
    },
    probe: async (url) => {
      this.probed.push(url);
      return true;
    },
    createPeerConnection: () => {
      const peer = new FakePeerConnection();
      this.peers.push(peer);
      return peer.asPeer;
    },
    createAudioElement: () => ({ play: async () => undefined }) as HTMLAudioElement,
    now: () => Date.now(),
    wallClock: () => Date.now(),
    random: () => 0,
    watchPage: (listener) => {
      this.page = listener;
      return () => {
        this.page = () => undefined;
      };
    },
    takeFromEarlierPage: (key) => {
      const value = this.storage.get(key) ?? null;
      this.storage.delete(key);
      return value;
    },
    leaveForNextPage: (key, value) => this.storage.set(key, value),
  };

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  get peer(): FakePeerConnection {
    const peer = this.peers.at(-1);
    if (!peer) throw new Error('no connection was made');
    return peer;
  }
}

let world: World;
let room: Room;
let told: string[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', class {});
  world = new World();
  room = new Room({ serverUrl: 'https://call.example' }, world.environment);
  told = [];
});

afterEach(async () => {
  const leaving = room.leave();
  await vi.advanceTimersByTimeAsync(1_000);
  await leaving;
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const JOIN = { appId: 'klinik-sehat-k3x9q', room: 'ruang-tunggu', name: 'Budi Santoso' };

function answerJoin(): void {
  const { request_id } = world.socket.last('join');
  const joined = serverMessage('server_joined', 'joined');
  world.socket.receive({ ...joined, request_id, participant_id: BUDI });
}

async function join(): Promise<void> {
  const joining = room.join(JOIN);
  world.socket.open();
  await settle();
  answerJoin();
  await joining;
}

let seq = 0;
beforeEach(() => {
  seq = 0;
});

function event(what: Event): void {
  seq += 1;
  world.socket.receive({ type: 'event', seq, event: what });
}

function refuseJoin(code: 'password_required' | 'lobby_denied'): void {
  const { request_id } = world.socket.last('join');
  world.socket.receive({ type: 'error', request_id, code, message: '' });
}

describe('joining', () => {
  it('needs one round trip and ends in the call', async () => {
    await join();
    expect(world.socket.sent.filter(({ type }) => type === 'join')).toHaveLength(1);
    expect(room.state).toMatchObject({ phase: 'connected', room: 'ruang-tunggu', localId: BUDI });
    expect(world.peer.answers).toEqual(['v=0\r\n']);
  });

  it('says from the start what is sent', async () => {
    await room.local.setMicrophone(true);
    await room.local.setMicrophone(false);
    await room.local.setCamera(true);
    await join();
    expect(world.socket.last('join').sources.slice(0, 2)).toEqual([
      { source: 'microphone', state: 'muted' },
      { source: 'camera', state: 'live' },
    ]);
    expect(world.peer.transceivers[1]?.sender.track).toBe(room.local.cameraTrack);
  });

  it('that is refused gives the code and leaves the preview running', async () => {
    await room.local.setCamera(true);
    const joining = room.join(JOIN);
    world.socket.open();
    await settle();
    refuseJoin('password_required');
    await expect(joining).rejects.toMatchObject({ name: 'JoinError', code: 'password_required' });
    expect(room.state.phase).toBe('idle');
    expect(room.local.state.camera.isOn).toBe(true);
  });

  it('can be tried again after a refusal', async () => {
    const joining = room.join(JOIN);
    world.socket.open();
    await settle();
    refuseJoin('password_required');
    await joining.catch(() => undefined);
    await join();
    expect(room.state.phase).toBe('connected');
  });

  it('can be given up', async () => {
    const abort = new AbortController();
    const joining = room.join({ ...JOIN, signal: abort.signal });
    abort.abort();
    await expect(joining).rejects.toMatchObject({ code: 'aborted' });
    expect(world.socket.isClosed).toBe(true);
  });

  it('twice is refused', async () => {
    await join();
    await expect(room.join(JOIN)).rejects.toMatchObject({ code: 'already_joined' });
  });

  it('is refused by a browser without WebRTC', async () => {
    const old = new Room({}, { ...world.environment, isSupported: false });
    await expect(old.join(JOIN)).rejects.toMatchObject({ code: 'browser_unsupported' });
  });
});

describe('the lobby', () => {
  it('shows where one waits, and opens into the call', async () => {
    const joining = room.join(JOIN);
    world.socket.open();
    await settle();
    world.socket.receive(serverMessage('server_event_lobby_waiting', 'event'));
    expect(room.state).toMatchObject({
      phase: 'lobby',
      lobbyInfo: { appName: 'Klinik Sehat', hasModerator: true },
    });
    answerJoin();
    await joining;
    expect(room.state).toMatchObject({ phase: 'connected', lobbyInfo: null });
  });

  it('that a moderator does not open ends in a refusal', async () => {
    const joining = room.join(JOIN);
    world.socket.open();
    await settle();
    world.socket.receive(serverMessage('server_event_lobby_waiting', 'event'));
    refuseJoin('lobby_denied');
    await expect(joining).rejects.toMatchObject({ code: 'lobby_denied' });
    expect(room.state.phase).toBe('idle');
  });
});

describe('state', () => {
  it('stays the same object until something changes', async () => {
    await join();
    const before = room.state;
    event({ type: 'name_changed', participant_id: BUDI, name: 'Budi Santoso' });
    expect(room.state).toBe(before);
    event({ type: 'name_changed', participant_id: BUDI, name: 'Budi' });
    expect(room.state).not.toBe(before);
  });

  it('is the new one when listeners hear of an event', async () => {
    await join();
    room.on('chatReceived', () => told.push(`${room.state.chat.length} messages`));
    const { event: chat } = serverMessage('server_event_chat_received', 'event');
    if (chat.type !== 'chat_received') throw new Error('unexpected fixture');
    event({ ...chat, message: { ...chat.message, id: 'msg_new' } });
    expect(told).toEqual(['2 messages']);
  });

  it('tells of a microphone that began while the request to join was on its way', async () => {
    const joining = room.join(JOIN);
    world.socket.open();
    await settle();
    await room.local.setMicrophone(true);
    answerJoin();
    await joining;
    expect(world.socket.last('set_source')).toMatchObject({ source: 'microphone', state: 'live' });
    expect(room.state.participants[0]?.microphone).toBe('live');
  });

  it('shows the own sources at once', async () => {
    await join();
    await room.local.setCamera(true);
    expect(room.state.participants[0]?.camera).toBe('live');
    expect(world.socket.last('set_source')).toMatchObject({ source: 'camera', state: 'live' });
  });
});

describe('moderation', () => {
  it('that mutes switches the microphone off and says so', async () => {
    await room.local.setMicrophone(true);
    await join();
    room.on('mutedByModerator', ({ source }) => told.push(source));
    event({ type: 'muted_by_moderator', source: 'microphone', by: 'par_x' });
    expect(room.local.state.microphone.isOn).toBe(false);
    expect(room.state.participants[0]?.microphone).toBe('muted');
    expect(told).toEqual(['microphone']);
  });

  it('that removes ends the call and lets the devices go', async () => {
    await room.local.setCamera(true);
    await join();
    room.on('left', ({ reason }) => told.push(reason));
    event({ type: 'left', reason: 'removed' });
    expect(room.state).toMatchObject({ phase: 'left', leaveReason: 'removed' });
    expect(world.devices.last.readyState).toBe('ended');
    expect(world.peer.isClosed).toBe(true);
    expect(told).toEqual(['removed']);
  });

  it('rejects with the code of the server', async () => {
    await join();
    const muting = room.moderation.mute('par_x', 'microphone');
    const { request_id } = world.socket.last('mute_participant');
    world.socket.receive({ type: 'error', request_id, code: 'not_moderator', message: '' });
    await expect(muting).rejects.toMatchObject({ name: 'RequestError', code: 'not_moderator' });
  });

  it('records as it was told, and sends streams where it was told', async () => {
    await join();
    const target = { preset: 'youtube', key: 'abcd', viewerUrl: 'https://youtu.be/abc' } as const;
    const wish = { kind: 'stream', layout: 'speaker', hasNames: false } as const;
    const starting = room.moderation.startRecording({ ...wish, targets: [target] });
    expect(world.socket.last('start_recording')).toMatchObject({
      kind: 'stream',
      layout: 'speaker',
      has_names: false,
      targets: [{ preset: 'youtube', key: 'abcd', viewer_url: 'https://youtu.be/abc' }],
    });
    world.socket.ok('start_recording');
    await starting;
    const changing = room.moderation.setStreamTargets('rec_1', [{ id: 'str_1' }]);
    expect(world.socket.last('set_stream_targets')).toMatchObject({
      recording_id: 'rec_1',
      targets: [{ id: 'str_1' }],
    });
    world.socket.ok('set_stream_targets');
    await changing;
    const refusing = room.consentToRecording('rec_1', false);
    expect(world.socket.last('consent_to_recording')).toMatchObject({ agrees: false });
    world.socket.ok('consent_to_recording');
    await refusing;
  });

  it('tells what the app has stored to stream to, and streams there by the id', async () => {
    await join();
    const listing = room.moderation.listStreamTargets();
    const { request_id } = world.socket.last('list_stream_targets');
    const targets = [{ id: 'str_1', name: 'Kanal klinik' }];
    world.socket.receive({ type: 'stream_targets', request_id, targets });
    expect(await listing).toEqual(targets);
    const starting = room.moderation.startRecording({ kind: 'stream', targets: [{ id: 'str_1' }] });
    const start = world.socket.last('start_recording');
    expect(start.targets).toEqual([{ id: 'str_1' }]);
    const refused = { code: 'stream_target_unknown', message: '' } as const;
    world.socket.receive({ type: 'error', request_id: start.request_id, ...refused });
    await expect(starting).rejects.toMatchObject({ code: 'stream_target_unknown' });
  });

  it('of a source that the token does not include switches it off with the reason', async () => {
    await join();
    await room.local.setScreen(true);
    for (const request of world.socket.sent.filter(({ type }) => type === 'set_source')) {
      const { request_id } = request;
      world.socket.receive({ type: 'error', request_id, code: 'not_granted', message: '' });
    }
    await settle();
    expect(room.local.state.screen).toMatchObject({ isOn: false, error: 'not_granted' });
  });
});

describe('leaving', () => {
  it('tells the server and can be followed by another call', async () => {
    await join();
    const leaving = room.leave();
    expect(room.state).toMatchObject({ phase: 'left', leaveReason: 'left' });
    world.socket.ok('leave');
    await leaving;
    expect(world.socket.isClosed).toBe(true);
    await join();
    expect(room.state.phase).toBe('connected');
  });

  it('keeps the token for the rating', async () => {
    await join();
    event({ type: 'left', reason: 'call_ended' });
    expect(room.state.ratingToken).toBe('r.a.t');
  });

  it('does not wait long for a server that is away', async () => {
    await join();
    const leaving = room.leave();
    await pass(500);
    await leaving;
    expect(room.state.phase).toBe('left');
  });
});

describe('a lost WebSocket', () => {
  beforeEach(async () => {
    await join();
    world.peer.become('connected');
    room.on('reconnecting', () => told.push('reconnecting'));
    room.on('reconnected', () => told.push('reconnected'));
  });

  const resume = async (): Promise<void> => {
    await settle();
    world.socket.open();
    const { request_id } = world.socket.last('resume');
    world.socket.receive({ type: 'resumed', request_id, seq: 0 });
  };

  it('that is back soon is not shown', async () => {
    world.socket.drop();
    await resume();
    await pass(1_000);
    expect(room.state.phase).toBe('connected');
    expect(told).toEqual([]);
    expect(world.peers).toHaveLength(1);
  });

  it('that stays away is shown until it is back', async () => {
    world.socket.drop();
    await pass(500);
    expect(room.state.phase).toBe('reconnecting');
    await resume();
    expect(room.state.phase).toBe('connected');
    expect(told).toEqual(['reconnecting', 'reconnected']);
  });

  it('repeats what the server may have missed of the own sources, but only after the events', async () => {
    world.socket.drop();
    await room.local.setMicrophone(true);
    await resume();
    expect(world.socket.sent.map(({ type }) => type)).not.toContain('set_source');
    world.socket.ok('ping');
    await settle();
    expect(world.socket.last('set_source')).toMatchObject({ source: 'microphone', state: 'live' });
  });

  it('does not undo what a moderator did meanwhile', async () => {
    await room.local.setMicrophone(true);
    world.socket.drop();
    await room.local.setMicrophone(false);
    await room.local.setMicrophone(true);
    await resume();
    event({ type: 'muted_by_moderator', source: 'microphone', by: 'par_x' });
    world.socket.ok('ping');
    await settle();
    expect(world.socket.last('set_source')).toMatchObject({ state: 'muted' });
  });

  it('whose session is gone leads to a new connection with the same identity', async () => {
    world.socket.drop();
    await settle();
    world.socket.open();
    const { request_id } = world.socket.last('resume');
    world.socket.receive({ type: 'error', request_id, code: 'resume_unknown', message: '' });
    await settle();
    expect(world.socket.last('join').resume_token).toBe('r.e.s');
    answerJoin();
    expect(world.peers.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(room.state.phase).toBe('connected');
  });

  it('whose server was restarted shows the others as reconnecting until they are back', async () => {
    const { event: joined } = serverMessage('server_event_participant_joined', 'event');
    if (joined.type !== 'participant_joined') throw new Error('unexpected fixture');
    const siti = { ...joined.participant, id: 'par_siti', number: 7 };
    event({ ...joined, participant: siti });
    room.on('participantJoined', ({ participant }) => told.push(`${participant.id} joined`));
    room.on('participantLeft', ({ participant }) => told.push(`${participant.id} left`));
    await restarted();
    expect(room.state.participants).toMatchObject([
      { id: BUDI },
      { id: 'par_siti', connection: 'reconnecting', camera: 'off' },
    ]);
    event({ ...joined, participant: siti });
    expect(room.state.participants[1]).toMatchObject({ connection: siti.connection });
    await pass(3_000);
    expect(told).toEqual([]);
  });

  it('whose server was restarted lets go of those who do not come back', async () => {
    const { event: joined } = serverMessage('server_event_participant_joined', 'event');
    if (joined.type !== 'participant_joined') throw new Error('unexpected fixture');
    event({ ...joined, participant: { ...joined.participant, id: 'par_siti', number: 7 } });
    room.on('participantLeft', ({ participant, reason }) =>
      told.push(`${participant.id} ${reason}`),
    );
    await restarted();
    for (let second = 0; second < 31; second += 1) {
      await pass(1_000);
      if (world.socket.sent.at(-1)?.type === 'ping') world.socket.ok('ping');
    }
    expect(told).toEqual(['par_siti connection_lost']);
    expect(room.state.participants).toHaveLength(1);
  });

  const restarted = async (): Promise<void> => {
    world.socket.drop();
    await settle();
    world.socket.open();
    const { request_id } = world.socket.last('resume');
    world.socket.receive({ type: 'error', request_id, code: 'resume_unknown', message: '' });
    await settle();
    seq = 0;
    answerJoin();
    await settle();
  };

  it('does not hold up the end that a moderator makes', async () => {
    world.socket.drop(4000);
    expect(room.state).toMatchObject({ phase: 'left', leaveReason: 'call_ended' });
  });
});

describe('preparing', () => {
  const MINUTE = 60_000;
  const sentTracks = () => world.peer.transceivers.slice(0, 4).map(({ sender }) => sender.track);

  it('makes one connection with its offer, which joining sends at once', async () => {
    await room.prepare();
    await room.prepare();
    expect(world.peers).toHaveLength(1);
    expect(world.peer).toMatchObject({ offersMade: 1, localDescription: null });
    expect(world.sockets).toHaveLength(0);
    await join();
    expect(world.peers).toHaveLength(1);
    expect(world.peer).toMatchObject({ offersMade: 1, answers: ['v=0\r\n'] });
  });

  it('goes on while joining begins', async () => {
    room.prepare();
    await join();
    expect(world.peers).toHaveLength(1);
    expect(world.peer.offersMade).toBe(1);
  });

  it('follows sources that change before joining', async () => {
    await room.local.setCamera(true);
    await room.prepare();
    await room.local.setMicrophone(true);
    await settle();
    expect(sentTracks()).toEqual([room.local.microphoneTrack, room.local.cameraTrack, null, null]);
    await room.local.setCamera(false);
    await join();
    expect(world.peers).toHaveLength(1);
    expect(sentTracks()).toEqual([room.local.microphoneTrack, null, null, null]);
  });

  it('does not send what was switched off in the same moment', async () => {
    const camera = room.local.setCamera(true);
    room.prepare();
    await camera;
    await room.local.setCamera(false);
    await join();
    expect(sentTracks()).toEqual([null, null, null, null]);
  });

  it('leaves a small camera its two layers', async () => {
    await room.prepare();
    await room.local.setCamera(true);
    world.devices.last.settings.width = 640;
    world.devices.last.settings.height = 360;
    await join();
    await settle();
    const encodings = world.peer.transceivers[1]?.sender.encodings ?? [];
    expect(encodings.filter(({ active }) => active).map(({ rid }) => rid)).toEqual(['q', 'h']);
  });

  it('is used once', async () => {
    await room.prepare();
    const joining = room.join(JOIN);
    world.socket.open();
    await settle();
    refuseJoin('password_required');
    await joining.catch(() => undefined);
    expect(world.peer.isClosed).toBe(true);
    await join();
    expect(world.peers).toHaveLength(2);
  });

  it('is forgotten after ten minutes and closes what it held', async () => {
    await room.prepare();
    await pass(10 * MINUTE);
    expect(world.peer.isClosed).toBe(true);
    await join();
    expect(world.peers).toHaveLength(2);
    expect(world.peer.isClosed).toBe(false);
  });

  it('counts its time anew', async () => {
    await room.prepare();
    await pass(9 * MINUTE);
    await room.leave();
    await room.prepare();
    await pass(9 * MINUTE);
    expect(world.peers.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it('does not fit when another number of voices is wanted', async () => {
    const options = { serverUrl: 'https://call.example', audioSlots: 3 };
    room = new Room(options, world.environment);
    await room.prepare();
    options.audioSlots = 5;
    await join();
    expect(world.peers.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it('leaves nothing behind when nobody joins', async () => {
    await room.prepare();
    await room.leave();
    expect(world.peer.isClosed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends when it is given up before the offer is there', async () => {
    const peer = new FakePeerConnection();
    peer.createOffer = () => new Promise(() => undefined);
    world.environment.createPeerConnection = () => peer.asPeer;
    const preparing = room.prepare();
    await room.leave();
    await preparing;
    expect(peer.isClosed).toBe(true);
  });

  it('that fails leaves joining as it was', async () => {
    const peer = new FakePeerConnection();
    peer.createOffer = async () => Promise.reject(new Error('no'));
    const { createPeerConnection } = world.environment;
    world.environment.createPeerConnection = () => peer.asPeer;
    await room.prepare();
    expect(peer.isClosed).toBe(true);
    world.environment.createPeerConnection = createPeerConnection;
    await join();
    expect(room.state.phase).toBe('connected');
  });

  it('does nothing in a call, and works again after it', async () => {
    await join();
    await room.prepare();
    expect(world.peers).toHaveLength(1);
    const leaving = room.leave();
    await pass(1_000);
    await leaving;
    await room.prepare();
    expect(world.peers).toHaveLength(2);
    await join();
    expect(world.peers).toHaveLength(2);
  });

  it('gets acquainted with a server that the page did not come from, once', async () => {
    await room.prepare();
    await room.prepare();
    expect(world.probed).toEqual(['https://call.example/livez']);
  });
});

describe('a page', () => {
  it('that is reloaded comes back as the same participant', async () => {
    await join();
    world.page('closing');
    const next = new Room({ serverUrl: 'https://call.example' }, world.environment);
    next.join(JOIN).catch(() => undefined);
    world.socket.open();
    await settle();
    expect(world.socket.last('join').resume_token).toBe('r.e.s');
    await next.leave();
  });

  it('whose network changes looks for a new path at once', async () => {
    await join();
    world.peer.become('connected');
    world.page('network_changed');
    await settle();
    expect(world.peer.offers).toEqual([{ iceRestart: true }]);
    world.socket.last('ping');
  });
});

describe('the own media', () => {
  it('is summed up for the server every ten seconds while it flows', async () => {
    await join();
    const summaries = () => world.socket.sent.filter(({ type }) => type === 'report_media');
    const flow = async (seconds: number) => {
      for (let half = 0; half < seconds * 2; half += 1) {
        world.peer.bytesReceived += 100;
        await pass(500);
        if (world.socket.sent.at(-1)?.type === 'ping') world.socket.ok('ping');
      }
    };
    await flow(10);
    expect(summaries()).toHaveLength(0);
    world.peer.become('connected');
    await flow(20);
    expect(summaries()).toHaveLength(2);
    expect(summaries()[0]).toMatchObject({ summary: { tracks: [] } });
    const leaving = room.leave();
    await pass(20_000);
    await leaving;
    expect(summaries()).toHaveLength(2);
  });
});

describe('media that fails', () => {
  it('is made anew at once, and then less and less often', async () => {
    await join();
    for (let failure = 0; failure < 3; failure += 1) {
      world.peer.become('failed');
      const before = world.sockets.length;
      await pass(failure === 0 ? 0 : 999);
      if (failure > 0) expect(world.sockets).toHaveLength(before);
      await pass(2_000);
      expect(world.sockets).toHaveLength(before + 1);
      world.socket.open();
      await settle();
      answerJoin();
      await settle();
    }
  });
});

describe('chat', () => {
  it('is sent to everybody or to one', async () => {
    await join();
    const sending = room.sendChat('Hanya untuk Anda', 'par_x');
    expect(world.socket.last('send_chat')).toMatchObject({ text: 'Hanya untuk Anda', to: 'par_x' });
    world.socket.ok('send_chat');
    await sending;
  });

  it('of a room that was never joined is refused', async () => {
    await expect(room.sendChat('halo')).rejects.toMatchObject({ code: 'not_joined' });
  });
});
