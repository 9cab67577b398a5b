import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MediaConnection } from './MediaConnection.js';
import { FakeTrack } from './testing/FakeMedia.js';
import { FakePeerConnection } from './testing/FakePeerConnection.js';

let peer: FakePeerConnection;
let states: string[];
let exchange: ReturnType<typeof vi.fn<(offer: string) => Promise<string>>>;
let media: MediaConnection;

beforeEach(() => {
  vi.useFakeTimers();
  peer = new FakePeerConnection();
  states = [];
  exchange = vi.fn(async () => 'another answer');
  media = new MediaConnection(
    {
      createPeerConnection: () => peer.asPeer,
      audioSlots: 5,
      videoSlots: 4,
      now: () => Date.now(),
    },
    {
      handleMediaState: (state) => states.push(state),
      handleFast: () => undefined,
      exchange,
    },
  );
});

afterEach(() => {
  media.close();
  vi.useRealTimers();
});

async function connected(): Promise<void> {
  await media.createOffer();
  await media.handleAnswer('answer');
  peer.become('connected');
  await flowing(1_000);
}

/** Bytes arrive for a while. */
async function flowing(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    peer.bytesReceived += 1_000;
    await vi.advanceTimersByTimeAsync(100);
  }
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const track = (width = 1280, height = 720): MediaStreamTrack =>
  new FakeTrack('video', { width, height }).asTrack;

describe('the first offer', () => {
  it('has the sending lines in the order of the contract, then the slots', async () => {
    await media.createOffer();
    const lines = peer.transceivers.map(({ kind, direction }) => `${kind} ${direction}`);
    expect(lines.slice(0, 4)).toEqual([
      'audio sendonly',
      'video sendonly',
      'video sendonly',
      'audio sendonly',
    ]);
    expect(lines.slice(4, 9)).toEqual(Array(5).fill('audio recvonly'));
    expect(lines.slice(9)).toEqual(Array(4).fill('video recvonly'));
  });

  it('names the layers of the camera and none for sound', () => {
    const [microphone, camera] = peer.transceivers;
    expect(camera?.sender.encodings.map(({ rid }) => rid)).toEqual(['q', 'h', 'f']);
    expect(microphone?.sender.encodings).toEqual([]);
  });
});

describe('an offer that was made ahead', () => {
  it('is put to use when it is sent, once', async () => {
    await media.prepareOffer();
    expect(peer.localDescription).toBeNull();
    const offers = [await media.createOffer(), await media.createOffer()];
    expect(offers).toEqual(['offer with 13 m-lines', 'offer with 13 m-lines']);
    expect(peer).toMatchObject({ offersMade: 1, localDescription: { sdp: offers[0] } });
  });

  it('is taken by the browser before its answer', async () => {
    const order: string[] = [];
    peer.setLocalDescription = async () => {
      await pass(50);
      order.push('offer');
    };
    peer.setRemoteDescription = async () => {
      order.push('answer');
    };
    await media.createOffer();
    await media.handleAnswer('answer');
    expect(order).toEqual(['offer', 'answer']);
  });

  it('that the browser refuses is told with its answer', async () => {
    peer.setLocalDescription = () => Promise.reject(new Error('no'));
    await media.createOffer();
    await expect(media.handleAnswer('answer')).rejects.toThrow('no');
  });
});

describe('sending', () => {
  const camera = () => peer.transceivers[1]?.sender;
  const active = () =>
    camera()
      ?.encodings.filter((encoding) => encoding.active)
      .map(({ rid }) => rid);

  it('needs no negotiation', async () => {
    await connected();
    await media.setTrack('camera', track());
    expect(camera()?.track).not.toBeNull();
    expect(exchange).not.toHaveBeenCalled();
  });

  it('ends with the last wish, however long the browser takes', async () => {
    const sender = camera();
    if (!sender) throw new Error('no camera line');
    const replace = sender.replaceTrack.bind(sender);
    let turn = Promise.resolve();
    sender.replaceTrack = (next) => {
      turn = turn.then(() => pass(10)).then(() => replace(next));
      return turn;
    };
    await Promise.all([media.setTrack('camera', track()), media.setTrack('camera', null)]);
    expect(sender.track).toBeNull();
  });

  it('encodes only what somebody receives', async () => {
    await media.setTrack('camera', track());
    await media.setLayersWanted('camera', ['q', 'h']);
    expect(active()).toEqual(['q', 'h']);
    await media.setLayersWanted('camera', []);
    expect(active()).toEqual(['q']);
  });

  it('remembers what is wanted for the next track', async () => {
    await media.setLayersWanted('camera', ['q']);
    await media.setTrack('camera', track());
    expect(active()).toEqual(['q']);
  });

  it('follows a phone that is turned or a camera that changes its size', async () => {
    await connected();
    const small = new FakeTrack('video', { width: 640, height: 360 });
    await media.setTrack('camera', small.asTrack);
    expect(active()).toEqual(['q', 'h']);
    Object.assign(small.settings, { width: 1280, height: 720 });
    await flowing(500);
    expect(active()).toEqual(['q', 'h', 'f']);
  });
});

describe('growing', () => {
  it('adds slots by one offer and counts them after the answer', async () => {
    await connected();
    const growing = media.grow(9);
    expect(media.videoSlotCount).toBe(4);
    await growing;
    expect(media.videoSlotCount).toBe(9);
    expect(exchange).toHaveBeenCalledTimes(1);
    expect(exchange.mock.calls[0]?.[0]).toContain('18 m-lines');
  });

  it('never overlaps with another negotiation', async () => {
    await connected();
    let running = 0;
    exchange.mockImplementation(async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((done) => setTimeout(done, 50));
      running -= 1;
      return 'answer';
    });
    media.restartIce();
    const growing = media.grow(9);
    await pass(200);
    await growing;
    expect(exchange).toHaveBeenCalledTimes(2);
  });
});

describe('a path', () => {
  it('is connected when the browser says so', async () => {
    await connected();
    expect(states).toEqual(['connected']);
  });

  it('that went dead is restarted within two seconds', async () => {
    await connected();
    await pass(2_000);
    expect(states).toEqual(['connected', 'silent']);
    expect(peer.offers).toEqual([{ iceRestart: true }]);
  });

  it('that is only quiet answers the probes and lives', async () => {
    await connected();
    peer.channel.send = () => {
      peer.bytesReceived += 28;
    };
    await pass(30_000);
    expect(states).toEqual(['connected']);
  });

  it('is back when something arrives again', async () => {
    await connected();
    await pass(2_500);
    await flowing(500);
    expect(states).toEqual(['connected', 'silent', 'connected']);
  });

  it('is given up when a restart brings nothing', async () => {
    await connected();
    await pass(9_500);
    expect(states).toEqual(['connected', 'silent', 'failed']);
  });

  it('is not given up while signalling is away, too', async () => {
    await connected();
    exchange.mockImplementation(() => new Promise(() => undefined));
    await pass(25_000);
    expect(states).toEqual(['connected', 'silent']);
  });

  it('is given up when the server refuses the restart', async () => {
    await connected();
    exchange.mockRejectedValue(new Error('no'));
    await pass(2_500);
    expect(states).toEqual(['connected', 'silent', 'failed']);
  });

  it('that the browser takes for disconnected lives on while something arrives', async () => {
    await connected();
    peer.become('disconnected');
    await flowing(1_000);
    expect(states).toEqual(['connected']);
  });

  it('that cannot be asked is judged by the browser', async () => {
    await connected();
    peer.channel.readyState = 'connecting';
    peer.become('disconnected');
    expect(states).toEqual(['connected', 'silent']);
  });

  it('whose encryption ended is given up at once', async () => {
    await connected();
    for (const { sender } of peer.transceivers) sender.transport.state = 'failed';
    peer.become('failed');
    expect(states).toEqual(['connected', 'failed']);
  });

  it('that failed and is mended at once by a restart shows nothing', async () => {
    await connected();
    peer.become('failed');
    await flowing(600);
    expect(peer.offers).toEqual([{ iceRestart: true }]);
    peer.become('connected');
    await flowing(2_000);
    expect(states).toEqual(['connected']);
  });

  it('that failed is not taken for working because something arrives', async () => {
    await connected();
    peer.become('failed');
    await flowing(2_000);
    expect(states).toEqual(['connected', 'silent']);
    peer.become('connected');
    await flowing(1_000);
    expect(states).toEqual(['connected', 'silent', 'connected']);
  });

  it('that never came up is given up when the browser does', async () => {
    await media.createOffer();
    await media.handleAnswer('answer');
    peer.become('failed');
    expect(states).toEqual(['failed']);
  });
});
