import { expect } from 'vitest';
import { testAt } from '../src/stage.ts';
import { origin } from './figures.ts';

/** How often the server is killed. */
const RETURNS = 5;

/** What the design asks, milliseconds. */
const TARGET_MS = 2_500;

/** Cameras at their usual rate. */
const test = testAt(30);

test('a killed server: both people see each other moving after its return', async ({ stage }) => {
  const budi = await stage.chromium('Budi');
  const siti = await stage.firefox('Siti');
  await budi.join(stage.guest());
  await siti.join(stage.guest());
  const times: number[] = [];
  for (let round = 0; round < RETURNS; round += 1) {
    await budi.expectSees(siti);
    await siti.expectSees(budi);
    await stage.server.kill();
    await budi.expectText(budi.say('banner.reconnecting_help'));
    await stage.server.start();
    const returned = performance.now();
    await Promise.all([budi.expectSees(siti), siti.expectSees(budi)]);
    times.push(performance.now() - returned);
  }
  console.log(
    `back after a killed server, Chromium and Firefox, target ${TARGET_MS} ms, ${origin()}\n` +
      times.map((time) => `${time.toFixed(0)} ms`).join(', '),
  );
  expect(times).toHaveLength(RETURNS);
});
