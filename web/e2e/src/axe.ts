import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Tab } from './browser/Tab.ts';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with the page as it is now, one readable line per element. WCAG 2.2 AA. */
export async function violations(tab: Tab): Promise<string[]> {
  await tab.runSource(SOURCE);
  const results = await tab.run(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    return (await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      // Tips and menus float outside of landmarks; they are reached from the button they belong to.
      rules: { region: { enabled: false } },
      resultTypes: ['violations'],
    })) as AxeResults;
  }, null);
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`,
    ),
  );
}
