import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event, Join, Snapshot } from './generated/protocol.js';
import { SignalClient, type SignalHandler } from './SignalClient.js';
import { FakeSocket } from './testing/FakeSocket.js';
import { serverMessage } from './testing/fixtures.js';

const JOIN: Join = {
  app_id: 'klinik-sehat-k3x9q',
  room: 'ruang-1',
  name: 'Siti',
  offer: 'v=0',
  sources: [],
  client: { sdk: '', browser: '', os: '' },
};

class World {
  readonly sockets: FakeSocket[] = [];
  isServerUp = true;
  probes = 0;
  random = () => 0;
  now = () => Date.now();

  openSocket = (): FakeSocket => {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  };

  probe = async (): Promise<boolean> => {
    this.probes += 1;
    return this.isServerUp;
  };

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }
}

function recorder(): SignalHandler & { calls: string[]; events: Event[] } {
  const calls: string[] = [];
  const events: Event[] = [];
  return {
    calls,
    events,
    makeJoin: async () => JOIN,
    handleJoined: () => calls.push('joined'),
    handleResumed: (snapshot: Snapshot | null) =>
      calls.push(snapshot ? 'resumed with snapshot' : 'resumed'),
    handleEvent: (event: Event) => events.push(event),
    handleDown: () => calls.push('down'),
    handleRefused: (code: string) => calls.push(`refused ${code}`),
    handleClosed: (reason: string) => calls.push(`closed ${reason}`),
  };
}

let world: World;
let handler: ReturnType<typeof recorder>;
let client: SignalClient;

beforeEach(() => {
  vi.useFakeTimers();
  world = new World();
  handler = recorder();
  client = new SignalClient(world, handler);
});

afterEach(() => {
  client.close();
  vi.useRealTimers();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

async function joined(): Promise<void> {
  client.start();
  world.socket.open();
  await settle();
  const { request_id } = world.socket.last('join');
  world.socket.receive({ ...serverMessage('server_joined', 'joined'), request_id });
}

function event(seq: number, text = `pesan ${seq}`): void {
  const message = serverMessage('server_event_chat_received', 'event');
  if (message.event.type !== 'chat_received') throw new Error('unexpected fixture');
  const chat = { ...message.event.message, id: `msg_${seq}`, text };
  world.socket.receive({ type: 'event', seq, event: { ...message.event, message: chat } });
}

describe('joining', () => {
  it('sends the join as soon as the socket is open', async () => {
    await joined();
    expect(world.socket.last('join')).toMatchObject({ ...JOIN, type: 'join' });
    expect(handler.calls).toEqual(['joined']);
  });

  it('tells the code of a refusal and stops', async () => {
    client.start();
    world.socket.open();
    await settle();
    const { request_id } = world.socket.last('join');
    world.socket.receive({ type: 'error', request_id, code: 'room_full', message: 'full' });
    await pass(60_000);
    expect(handler.calls).toEqual(['refused room_full']);
    expect(world.sockets).toHaveLength(1);
  });

  it('gives up after a few attempts when the server was never there', async () => {
    world.isServerUp = false;
    client.start();
    world.socket.drop();
    await pass(10_000);
    expect(handler.calls).toEqual(['refused server_unreachable']);
  });

  it('keeps the identity of an earlier page', async () => {
    client.start('r.e.s');
    world.socket.open();
    await settle();
    expect(world.socket.last('join').resume_token).toBe('r.e.s');
  });

  it('does not take a refused ping for a refused join', async () => {
    client.start();
    world.socket.open();
    await settle();
    world.socket.receive(serverMessage('server_event_lobby_waiting', 'event'));
    await pass(4_000);
    const { request_id } = world.socket.last('ping');
    world.socket.receive({ type: 'error', request_id, code: 'not_allowed_now', message: '' });
    expect(handler.calls).toEqual([]);
    expect(handler.events).toHaveLength(1);
  });
});

describe('requests', () => {
  it('are answered by their id', async () => {
    await joined();
    const hand = client.request({ type: 'set_hand', is_raised: true });
    const name = client.request({ type: 'set_name', name: 'Siti' });
    const { request_id } = world.socket.last('set_hand');
    world.socket.receive({ type: 'error', request_id, code: 'not_granted', message: 'no' });
    world.socket.ok('set_name');
    await expect(hand).rejects.toMatchObject({ code: 'not_granted' });
    await expect(name).resolves.toMatchObject({ type: 'ok' });
  });

  it('wait for the connection to come back', async () => {
    await joined();
    world.socket.drop();
    const hand = client.request({ type: 'set_hand', is_raised: true });
    await resumed();
    world.socket.ok('set_hand');
    await expect(hand).resolves.toMatchObject({ type: 'ok' });
  });

  it('are rejected when the connection does not come back in time', async () => {
    await joined();
    world.isServerUp = false;
    world.socket.drop();
    const hand = client.request({ type: 'set_hand', is_raised: true });
    const rejected = expect(hand).rejects.toMatchObject({ code: 'disconnected' });
    await pass(31_000);
    await rejected;
  });

  it('that make sense only now are rejected at once without a connection', async () => {
    await joined();
    world.socket.drop();
    const react = client.request({ type: 'react', reaction: 'clap' }, { isOnlyNow: true });
    await expect(react).rejects.toMatchObject({ code: 'disconnected' });
  });
});

async function resumed(seq = 0, snapshot?: Snapshot): Promise<void> {
  await settle();
  world.socket.open();
  const { request_id } = world.socket.last('resume');
  world.socket.receive({
    type: 'resumed',
    request_id,
    seq,
    ...(snapshot === undefined ? {} : { snapshot }),
  });
}

describe('a lost connection', () => {
  it('is resumed at once with the last event that was seen', async () => {
    await joined();
    event(1);
    event(2);
    world.socket.drop();
    await settle();
    world.socket.open();
    expect(world.socket.last('resume')).toMatchObject({ resume_token: 'r.e.s', last_seq: 2 });
    expect(handler.calls).toEqual(['joined', 'down']);
  });

  it('replays missed events once', async () => {
    await joined();
    event(1);
    world.socket.drop();
    await resumed();
    event(1);
    event(2);
    event(3);
    expect(handler.events).toHaveLength(3);
  });

  it('goes on after the snapshot when too much was missed', async () => {
    await joined();
    world.socket.drop();
    const { snapshot, seq } = serverMessage('server_resumed', 'resumed');
    await resumed(seq, snapshot);
    event(600);
    event(601);
    expect(handler.calls).toContain('resumed with snapshot');
    expect(handler.events).toHaveLength(1);
  });

  it('opens no WebSocket until a plain request finds the server', async () => {
    await joined();
    world.isServerUp = false;
    world.socket.drop();
    await settle();
    world.socket.drop();
    await pass(20_000);
    expect(world.sockets).toHaveLength(2);
    expect(world.probes).toBeGreaterThan(18);
  });

  it('finds a server that returns within a second during the first minute', async () => {
    await joined();
    world.isServerUp = false;
    world.socket.drop();
    await settle();
    world.socket.drop();
    await pass(55_000);
    world.isServerUp = true;
    await pass(1_000);
    expect(world.sockets).toHaveLength(3);
  });

  it('becomes a join with the same identity when the session is gone', async () => {
    await joined();
    world.socket.drop();
    await settle();
    world.socket.open();
    const { request_id } = world.socket.last('resume');
    world.socket.receive({ type: 'error', request_id, code: 'resume_unknown', message: '' });
    await settle();
    expect(world.socket.last('join').resume_token).toBe('r.e.s');
    expect(world.sockets).toHaveLength(2);
  });

  it('waits as long as a closing server asks', async () => {
    await joined();
    world.socket.receive(serverMessage('server_event_left', 'event'));
    world.socket.drop(1012);
    await pass(1_499);
    expect(world.sockets).toHaveLength(1);
    await pass(1);
    expect(world.sockets).toHaveLength(2);
  });

  it('is found when the server says nothing any more', async () => {
    await joined();
    await pass(4_000);
    world.socket.last('ping');
    await pass(4_000);
    expect(handler.calls).toEqual(['joined', 'down']);
    expect(world.sockets[0]?.isClosed).toBe(true);
  });

  it('is found sooner after the network changed', async () => {
    await joined();
    client.handleNetworkChange();
    await pass(1_500);
    expect(handler.calls).toEqual(['joined', 'down']);
  });

  it('is no loss as long as the server answers', async () => {
    await joined();
    for (let round = 0; round < 10; round += 1) {
      await pass(4_000);
      world.socket.ok('ping');
    }
    expect(handler.calls).toEqual(['joined']);
  });

  it('is tried at once when the network comes back', async () => {
    await joined();
    world.isServerUp = false;
    world.socket.drop();
    await settle();
    world.socket.drop();
    await pass(5_000);
    world.isServerUp = true;
    client.handleNetworkChange();
    expect(world.sockets).toHaveLength(3);
  });

  it('ends the call when another connection took the session over', async () => {
    await joined();
    world.socket.drop(4002);
    await pass(10_000);
    expect(handler.calls).toEqual(['joined', 'closed replaced']);
    expect(world.sockets).toHaveLength(1);
  });

  it('ends the call when joining again is refused for good', async () => {
    await joined();
    client.rejoin();
    await settle();
    world.socket.open();
    await settle();
    const { request_id } = world.socket.last('join');
    world.socket.receive({ type: 'error', request_id, code: 'banned', message: '' });
    expect(handler.calls).toEqual(['joined', 'down', 'refused banned']);
  });

  it('keeps trying while the server has passing trouble', async () => {
    await joined();
    client.rejoin();
    await settle();
    world.socket.open();
    await settle();
    const { request_id } = world.socket.last('join');
    world.socket.receive({ type: 'error', request_id, code: 'media_unavailable', message: '' });
    await pass(1_000);
    expect(world.sockets).toHaveLength(3);
  });
});

describe('a request that was on its way when the connection was lost', () => {
  it('is sent again with the same id, so that the server does it once', async () => {
    await joined();
    const chat = client.request({ type: 'send_chat', text: 'halo' });
    const { request_id } = world.socket.last('send_chat');
    world.socket.drop();
    await resumed();
    expect(world.socket.last('send_chat').request_id).toBe(request_id);
    world.socket.ok('send_chat');
    await expect(chat).resolves.toMatchObject({ type: 'ok' });
  });

  it('is given up when it was an offer of a session that is over', async () => {
    await joined();
    const offer = client.request({ type: 'negotiate', offer: 'v=0' });
    const given = expect(offer).rejects.toMatchObject({ code: 'disconnected' });
    client.rejoin();
    await settle();
    world.socket.open();
    await settle();
    const { request_id } = world.socket.last('join');
    world.socket.receive({ ...serverMessage('server_joined', 'joined'), request_id });
    await given;
  });
});
