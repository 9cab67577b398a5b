import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Person } from '../src/Person.ts';
import { testAt } from '../src/stage.ts';
import { origin } from './figures.ts';

/** Cameras at their usual rate. */
const test = testAt(30);

/** How long frames are counted. */
const WATCH_MS = 20_000;

interface Received {
  readonly frames: number;
  readonly freezes: number;
  readonly streams: number;
  readonly height: number;
}

async function videoOf(person: Person): Promise<Received> {
  const videos = (await person.inbound()).filter(
    ({ kind, framesDecoded }) => kind === 'video' && framesDecoded > 0,
  );
  return {
    frames: videos.reduce((sum, { framesDecoded }) => sum + framesDecoded, 0),
    freezes: videos.reduce((sum, { freezeCount }) => sum + freezeCount, 0),
    streams: videos.length,
    height: Math.max(0, ...videos.map(({ frameHeight }) => frameHeight)),
  };
}

test('frames per second and freezes of four people', async ({ stage }) => {
  const people: Person[] = [];
  for (const name of ['Budi', 'Siti', 'Dewi', 'Agus']) {
    const person = await stage.chromium(name);
    await person.join(stage.guest());
    people.push(person);
  }
  for (const person of people) {
    for (const other of people) if (other !== person) await person.expectSees(other);
  }

  const before = await Promise.all(people.map(videoOf));
  await pause(WATCH_MS);
  const after = await Promise.all(people.map(videoOf));

  const lines = people.map(({ name }, index) => {
    const [from, to] = [before[index], after[index]];
    if (!from || !to) throw new Error('nothing was measured');
    const perSecond = (to.frames - from.frames) / to.streams / (WATCH_MS / 1000);
    return (
      `${name}: ${to.streams} pictures up to ${to.height} px high, ${perSecond.toFixed(1)} frames/s each, ` +
      `${to.freezes - from.freezes} freezes in ${WATCH_MS / 1000} s`
    );
  });
  console.log([`four Chromium, 360p cameras, ${origin()}`, ...lines].join('\n'));
  expect(after.every(({ streams }) => streams === 3)).toBe(true);
});
