import { expect } from 'vitest';
import { eventually } from '../src/eventually.ts';
import type { Person } from '../src/Person.ts';
import { test } from '../src/stage.ts';
import { origin, percentile } from './figures.ts';

const JOINS = 24;

declare global {
  interface Window {
    firstFrameMs?: number;
  }
}

/** Watches, inside the page, from the press of the join button to the first painted frame of `name`. */
async function watchFirstFrame(person: Person, name: string): Promise<void> {
  await person.tab.run((other) => {
    delete window.firstFrameMs;
    let pressedAt: number | null = null;
    document.addEventListener(
      'click',
      () => {
        pressedAt ??= performance.now();
      },
      { capture: true, once: true },
    );
    const watched = new Set<HTMLVideoElement>();
    const timer = setInterval(() => {
      const video = document.querySelector<HTMLVideoElement>(`li[aria-label="${other}"] video`);
      if (!video || watched.has(video)) return;
      watched.add(video);
      video.requestVideoFrameCallback(() => {
        clearInterval(timer);
        window.firstFrameMs = performance.now() - (pressedAt ?? 0);
      });
    }, 5);
  }, name);
}

test('join to first remote frame', async ({ stage }) => {
  const budi = await stage.chromium('Budi');
  const siti = await stage.chromium('Siti');
  await budi.join(stage.guest());

  const times: number[] = [];
  for (let join = 0; join < JOINS; join += 1) {
    await siti.visit(stage.guest());
    if (join === 0) {
      await siti.fill({ role: 'textbox', name: siti.say('prejoin.name_label') }, 'Siti');
    }
    await watchFirstFrame(siti, 'Budi');
    await siti.click(siti.button('prejoin.join'));
    await eventually('the first frame is there', async () => {
      const took = await siti.tab.run(() => window.firstFrameMs ?? null, null);
      if (took === null) return 'no frame';
      times.push(took);
      return true;
    });
    await siti.leave();
  }

  console.log(
    [
      `join to first remote frame, ${times.length} joins, ${origin()}`,
      `p50 ${percentile(times, 0.5).toFixed(0)} ms, p95 ${percentile(times, 0.95).toFixed(0)} ms, ` +
        `max ${Math.max(...times).toFixed(0)} ms`,
    ].join('\n'),
  );
  expect(times).toHaveLength(JOINS);
});
