// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SlotView } from './generated/protocol.js';
import { sourceNumber } from './protocol.js';
import { IDLE_ROOM_STATE, type ParticipantView, type RoomState } from './RoomState.js';
import { FakeTrack } from './testing/FakeMedia.js';
import { VideoViews } from './VideoViews.js';

type Source = { source: number; rtpTimestamp: number; timestamp: number };

class Receiver {
  readonly track = new FakeTrack('video').asTrack;
  sources: Source[] = [];
  getContributingSources = (): Source[] => this.sources;
}

class World {
  state: RoomState = {
    ...IDLE_ROOM_STATE,
    localId: 'me',
    participants: [person('me', 0, true), person('siti', 1), person('budi', 2)],
  };
  readonly receivers = Array.from({ length: 9 }, () => new Receiver());
  readonly sent: SlotView[][] = [];
  readonly grown: number[] = [];
  playing: string | null = null;
  cameraTrack: MediaStreamTrack | null = null;
  readonly views = new VideoViews(
    {
      state: () => this.state,
      localTrack: () => this.cameraTrack,
      receiver: (slot) => (this.receivers[slot] as unknown as RTCRtpReceiver) ?? null,
      sendView: (slots) => this.sent.push(slots),
      isPlaying: (slot, { participantId }) => this.playing === `${slot}/${participantId}`,
      grow: (count) => this.grown.push(count),
    },
    () => Date.now(),
  );

  /** What the server was asked for last. */
  get asked(): string[] {
    return (this.sent.at(-1) ?? []).map(
      ({ slot, participant_id, source, max_height }) =>
        `${slot}: ${participant_id} ${source} ${max_height}`,
    );
  }

  change(id: string, fields: Partial<ParticipantView>): void {
    const participants = this.state.participants.map((participant) =>
      participant.id === id ? { ...participant, ...fields } : participant,
    );
    this.state = { ...this.state, participants };
    this.views.schedule();
  }
}

function person(id: string, number: number, isLocal = false): ParticipantView {
  return {
    id,
    number,
    name: id,
    isLocal,
    isModerator: false,
    isVerified: false,
    joinedAtMs: 0,
    connection: 'connected',
    handRaisedAtMs: null,
    quality: 'good',
    microphone: 'live',
    camera: 'live',
    screen: 'off',
    screenAudio: 'off',
  };
}

/** A tile of the page; its frames come when the test says so. */
class Tile {
  readonly element = document.createElement('video');
  shown: boolean[] = [];
  #frame: VideoFrameRequestCallback | null = null;

  constructor(width = 320, height = 180) {
    Object.defineProperties(this.element, {
      clientWidth: { value: width, configurable: true },
      clientHeight: { value: height, configurable: true },
      srcObject: { value: null, writable: true },
    });
    this.element.play = async () => undefined;
    this.element.requestVideoFrameCallback = (callback) => {
      this.#frame = callback;
      return 1;
    };
    this.element.cancelVideoFrameCallback = () => {
      this.#frame = null;
    };
  }

  attach(world: World, participantId: string, source: 'camera' | 'screen' = 'camera'): () => void {
    return world.views.attach(this.element, {
      participantId,
      source,
      onShown: (isShown) => this.shown.push(isShown),
    });
  }

  frame(rtpTimestamp: number): void {
    this.#frame?.(0, { rtpTimestamp } as VideoFrameCallbackMetadata);
  }

  get tracks(): unknown[] {
    return (this.element.srcObject as unknown as { tracks: unknown[] } | null)?.tracks ?? [];
  }
}

let world: World;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    'MediaStream',
    class {
      constructor(readonly tracks: unknown[]) {}
    },
  );
  world = new World();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const pass = (ms = 250): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

async function connected(): Promise<void> {
  world.views.handleNewConnection(4);
  await pass();
}

describe('the first picture of a call', () => {
  it('is asked for as soon as its tile is there', async () => {
    world.views.handleNewConnection(4);
    await vi.advanceTimersByTimeAsync(40);
    new Tile().attach(world, 'siti');
    await vi.advanceTimersByTimeAsync(0);
    expect(world.asked).toEqual(['0: siti camera 180']);
  });
});

describe('what is asked for', () => {
  it('is the height that a tile has on screen', async () => {
    vi.stubGlobal('devicePixelRatio', 2);
    new Tile(320, 180).attach(world, 'siti');
    await connected();
    expect(world.asked).toEqual(['0: siti camera 360']);
  });

  it('is nothing for cameras that are off', async () => {
    new Tile().attach(world, 'siti');
    await connected();
    world.change('siti', { camera: 'off' });
    await pass();
    expect(world.asked).toEqual([]);
  });

  it('is nothing for a tile without size', async () => {
    new Tile(0, 0).attach(world, 'siti');
    await connected();
    expect(world.sent).toEqual([]);
  });

  it('is at most five times a second', async () => {
    await connected();
    for (let index = 0; index < 100; index += 1) {
      const detach = new Tile().attach(world, index % 2 === 0 ? 'siti' : 'budi');
      await pass(10);
      detach();
    }
    expect(world.sent.length).toBeLessThanOrEqual(6);
  });

  it('is the same when a tile is taken away and put back at once', async () => {
    const first = new Tile();
    const detach = first.attach(world, 'siti');
    await connected();
    detach();
    new Tile().attach(world, 'siti');
    await pass();
    expect(world.sent).toHaveLength(1);
  });

  it('is repeated after signalling was lost', async () => {
    new Tile().attach(world, 'siti');
    await connected();
    world.views.sendAgain();
    await pass();
    expect(world.sent).toHaveLength(2);
  });

  it('is nothing while the page has been hidden for a while', async () => {
    new Tile().attach(world, 'siti');
    await connected();
    world.views.handlePageHidden(true);
    await pass(2_900);
    expect(world.asked).toHaveLength(1);
    await pass(500);
    expect(world.asked).toEqual([]);
    world.views.handlePageHidden(false);
    await pass();
    expect(world.asked).toEqual(['0: siti camera 180']);
  });

  it('is small or nothing when the person wants less video', async () => {
    new Tile(1280, 720).attach(world, 'siti');
    await connected();
    world.state = { ...world.state, videoQuality: 'low' };
    world.views.schedule();
    await pass();
    expect(world.asked).toEqual(['0: siti camera 180']);
    world.state = { ...world.state, videoQuality: 'audio_only' };
    world.views.schedule();
    await pass();
    expect(world.asked).toEqual([]);
  });

  it('grows the connection when there are more tiles than slots', async () => {
    const people = Array.from({ length: 6 }, (_, index) => person(`p${index}`, index + 3));
    world.state = { ...world.state, participants: people };
    for (const { id } of people) new Tile().attach(world, id);
    await connected();
    expect(world.asked).toHaveLength(4);
    expect(world.grown).toContain(9);
    world.views.handleSlotCount(9);
    await pass();
    expect(world.asked).toHaveLength(6);
  });
});

describe('what is shown', () => {
  const SITI = sourceNumber(1, 'camera');
  const BUDI = sourceNumber(2, 'camera');

  it('is the track of the slot', async () => {
    const tile = new Tile();
    tile.attach(world, 'siti');
    await connected();
    expect(tile.tracks).toEqual([world.receivers[0]?.track]);
  });

  it('counts only with the first frame of the right person', async () => {
    const tile = new Tile();
    tile.attach(world, 'siti');
    await connected();
    const [receiver] = world.receivers;
    if (!receiver) throw new Error('no receiver');
    receiver.sources = [{ source: BUDI, rtpTimestamp: 10, timestamp: 1 }];
    tile.frame(10);
    expect(tile.shown).toEqual([]);
    receiver.sources = [{ source: SITI, rtpTimestamp: 40, timestamp: 2 }];
    tile.frame(40);
    expect(tile.shown).toEqual([true]);
  });

  it('counts no longer when somebody else appears', async () => {
    const tile = new Tile();
    tile.attach(world, 'siti');
    await connected();
    const [receiver] = world.receivers;
    if (!receiver) throw new Error('no receiver');
    receiver.sources = [{ source: SITI, rtpTimestamp: 10, timestamp: 1 }];
    tile.frame(10);
    receiver.sources = [{ source: BUDI, rtpTimestamp: 40, timestamp: 2 }];
    tile.frame(40);
    expect(tile.shown).toEqual([true, false]);
  });

  it('is known from the server where the browser names no sources', async () => {
    const tile = new Tile();
    tile.attach(world, 'siti');
    await connected();
    for (let index = 0; index < 10; index += 1) tile.frame(index);
    expect(tile.shown).toEqual([]);
    world.playing = '0/siti';
    tile.frame(11);
    expect(tile.shown).toEqual([true]);
  });

  it('ends when the camera goes off', async () => {
    const tile = new Tile();
    tile.attach(world, 'siti');
    await connected();
    const [receiver] = world.receivers;
    if (!receiver) throw new Error('no receiver');
    receiver.sources = [{ source: SITI, rtpTimestamp: 10, timestamp: 1 }];
    tile.frame(10);
    world.change('siti', { camera: 'off' });
    await pass();
    expect(tile.shown).toEqual([true, false]);
    expect(tile.tracks).toEqual([]);
  });

  it('is the own camera without the network', async () => {
    const tile = new Tile();
    world.cameraTrack = new FakeTrack('video').asTrack;
    tile.attach(world, 'me');
    tile.frame(1);
    expect(tile.tracks).toEqual([world.cameraTrack]);
    expect(tile.shown).toEqual([true]);
    await connected();
    expect(world.sent).toEqual([]);
  });

  it('is the own camera under the name local before joining', () => {
    world.state = IDLE_ROOM_STATE;
    world.cameraTrack = new FakeTrack('video').asTrack;
    const tile = new Tile();
    tile.attach(world, 'local');
    expect(tile.tracks).toEqual([world.cameraTrack]);
  });

  it('moves to the new connection when there is one', async () => {
    const tile = new Tile();
    tile.attach(world, 'siti');
    await connected();
    world.receivers[0] = new Receiver();
    await connected();
    expect(tile.tracks).toEqual([world.receivers[0]?.track]);
    expect(world.sent).toHaveLength(2);
  });
});
