import { describe, expect, it } from 'vitest';
import { type Media, Playback } from './playback';
import { clockText, lanesOf, type Track } from './tracks';

const track = (id: string, startMs: number, endMs: number, person = id): Track => ({
  id,
  person,
  name: person,
  source: 'camera',
  isVideo: true,
  startMs,
  endMs,
});

function media(): Media {
  return {
    currentTime: 0,
    ended: false,
    paused: true,
    playbackRate: 1,
    readyState: 4,
    seeking: false,
    pause() {
      Object.assign(this, { paused: true });
    },
    async play() {
      Object.assign(this, { paused: false });
    },
  };
}

function setUp() {
  let now = 0;
  const playback = new Playback({ lengthMs: 60_000, now: () => now });
  const [first, second] = [media(), media()];
  playback.add(track('first', 0, 60_000), first);
  playback.add(track('second', 10_000, 20_000), second);
  const pass = (ms: number) => {
    now += ms;
    playback.tick();
  };
  return { playback, first, second, pass };
}

describe('a playback', () => {
  it('begins each track where it stands on the clock, and ends it there', () => {
    const { playback, first, second, pass } = setUp();
    playback.play();
    expect([first.paused, second.paused]).toEqual([false, true]);
    pass(10_500);
    expect(second.paused).toBe(false);
    expect(second.currentTime).toBe(0.5);
    pass(10_000);
    expect(second.paused).toBe(true);
    expect(first.paused).toBe(false);
  });

  it('sets right what is off by more than 150 ms, and leaves the rest alone', () => {
    const { playback, first, pass } = setUp();
    playback.play();
    first.currentTime = 4.9;
    pass(5_000);
    expect(first.currentTime).toBe(4.9);
    first.currentTime = 5.7;
    pass(500);
    expect(first.currentTime).toBe(5.5);
  });

  it('stands still until every track that is due has something to play', () => {
    const { playback, first, second, pass } = setUp();
    playback.seek(12_000);
    playback.play();
    Object.assign(second, { readyState: 2 });
    pass(3_000);
    expect(playback.state).toMatchObject({ positionMs: 12_000, isWaiting: true });
    expect(first.paused).toBe(true);
    Object.assign(second, { readyState: 4 });
    pass(1_000);
    expect(playback.state).toMatchObject({ positionMs: 13_000, isWaiting: false });
    expect([first.paused, second.paused]).toEqual([false, false]);
  });

  it('goes on without a file that ends before its length says', () => {
    const { playback, second, pass } = setUp();
    playback.seek(19_900);
    playback.play();
    Object.assign(second, { ended: true, paused: true, currentTime: 9.7 });
    pass(50);
    expect(playback.state).toMatchObject({ positionMs: 19_950, isWaiting: false });
    expect(second).toMatchObject({ paused: true, currentTime: 9.7 });
  });

  it('goes at the speed that is chosen, and stops at the end', () => {
    const { playback, first, pass } = setUp();
    playback.setSpeed(2);
    playback.play();
    pass(10_000);
    expect(playback.state.positionMs).toBe(20_000);
    expect(first.playbackRate).toBe(2);
    pass(40_000);
    expect(playback.state).toMatchObject({ positionMs: 60_000, isPlaying: false });
    playback.play();
    expect(playback.state.positionMs).toBe(0);
  });

  it('stops when the browser wants another press', async () => {
    const { playback, first } = setUp();
    first.play = () =>
      Promise.reject(Object.assign(new Error('no sound yet'), { name: 'NotAllowedError' }));
    playback.play();
    await Promise.resolve();
    expect(playback.state.isPlaying).toBe(false);
  });

  it('seeks within the recording, also while it stands', () => {
    const { playback, first } = setUp();
    playback.seek(7_000);
    expect(first.currentTime).toBe(7);
    expect(first.paused).toBe(true);
    playback.seek(-5_000);
    expect(playback.state.positionMs).toBe(0);
    playback.seek(90_000);
    expect(playback.state.positionMs).toBe(60_000);
  });
});

it('puts the tracks of one person together, whoever was first on top', () => {
  const lanes = lanesOf([
    track('a', 5_000, 9_000, 'budi'),
    track('b', 0, 9_000, 'ayu'),
    track('c', 2_000, 3_000, 'budi'),
  ]);
  expect(lanes.map(({ person, tracks }) => [person, tracks.map(({ id }) => id)])).toEqual([
    ['ayu', ['b']],
    ['budi', ['c', 'a']],
  ]);
});

it.each([
  [0, '0:00'],
  [249_900, '4:09'],
  [3_849_000, '1:04:09'],
])('tells %i ms as %s', (ms, text) => expect(clockText(ms)).toBe(text));
