import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Tab } from './browser/Tab.ts';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with the page once it rests, one readable line per element. WCAG 2.2 AA. */
export async function violations(tab: Tab): Promise<string[]> {
  await settled(tab);
  await tab.runSource(SOURCE);
  const results = await tab.run(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    return (await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    })) as AxeResults;
  }, null);
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`,
    ),
  );
}

/** Waits until every movement that has an end has ended: what counts is the screen that stays. */
async function settled(tab: Tab): Promise<void> {
  await tab.run(async () => {
    const isPassing = ({ effect, playState }: Animation) =>
      playState === 'running' && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY;
    const frame = () => new Promise(requestAnimationFrame);
    // What was opened just now begins to move in the frame after next.
    await frame();
    await frame();
    let moving = document.getAnimations().filter(isPassing);
    while (moving.length > 0) {
      // One that is cancelled has ended too; what it started is seen in the next round.
      await Promise.allSettled(moving.map(({ finished }) => finished));
      await frame();
      moving = document.getAnimations().filter(isPassing);
    }
  }, null);
}
