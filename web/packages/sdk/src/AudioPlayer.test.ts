import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AudioPlayer } from './AudioPlayer.js';
import { FakeTrack } from './testing/FakeMedia.js';

let plays: (() => Promise<void>)[];
let said: boolean[];
let player: AudioPlayer;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', class {});
  plays = [];
  said = [];
  player = new AudioPlayer(
    () => ({ play: plays.shift() ?? (async () => undefined) }) as unknown as HTMLAudioElement,
    (isBlocked) => said.push(isBlocked),
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const tracks = (count: number): MediaStreamTrack[] =>
  Array.from({ length: count }, () => new FakeTrack('audio').asTrack);
const blocked = (): Promise<void> =>
  Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
const waiting = (): Promise<void> => new Promise(() => undefined);

describe('AudioPlayer', () => {
  it('plays every slot', async () => {
    player.handleTracks(tracks(3));
    await vi.advanceTimersByTimeAsync(0);
    expect(said).toEqual([false]);
  });

  it('says that the browser blocks sound', async () => {
    plays = [blocked, waiting];
    player.handleTracks(tracks(2));
    await vi.advanceTimersByTimeAsync(500);
    expect(said).toEqual([true]);
  });

  it('does not take a slot that waits for its first sound for a blocked one', async () => {
    plays = [waiting];
    player.handleTracks(tracks(1));
    await vi.advanceTimersByTimeAsync(500);
    expect(said).toEqual([false]);
  });

  it('does not take a slot whose track is replaced for a blocked one', async () => {
    plays = [() => Promise.reject(new DOMException('replaced', 'AbortError'))];
    player.handleTracks(tracks(1));
    await vi.advanceTimersByTimeAsync(500);
    expect(said).toEqual([false]);
  });

  it('plays after a click what was blocked before', async () => {
    let mayPlay = false;
    plays = [() => (mayPlay ? Promise.resolve() : blocked())];
    player.handleTracks(tracks(1));
    await vi.advanceTimersByTimeAsync(500);
    mayPlay = true;
    await player.resume();
    expect(said).toEqual([true, false]);
  });

  it('says where the browser cannot choose a loudspeaker', async () => {
    vi.stubGlobal('HTMLMediaElement', class {});
    await expect(player.setOutput('speaker-2')).rejects.toMatchObject({ code: 'unsupported' });
  });
});
