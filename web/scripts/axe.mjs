// Runs axe over a gallery: node scripts/axe.mjs [scenes]; all scenes, light and dark, without.
// Needs `npm run dev` of the app and a Chromium (CHROMIUM, /usr/bin/chromium). GALLERY is the address
// of the page; without it the call page's. Fails when something is found.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const address = process.env.GALLERY ?? 'http://127.0.0.1:5173/gallery.html';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
const page = await browser.newPage({ reducedMotion: 'reduce' });
await page.goto(address);
await page.waitForSelector('#root a');
const all = await page.$$eval('#root a', (links) => links.map((link) => link.textContent));
const scenes = process.argv[2]?.split(',') ?? all;
let count = 0;
for (const theme of ['light', 'dark']) {
  for (const [width, height] of [
    [1280, 800],
    [360, 740],
  ]) {
    await page.setViewportSize({ width, height });
    for (const scene of scenes) {
      await page.goto(`${address}?scene=${scene}&theme=${theme}`);
      await page.waitForSelector('#root :is(main, section)');
      await page.waitForTimeout(500);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      for (const violation of violations) {
        for (const node of violation.nodes) {
          count += 1;
          console.log(
            `${scene} ${width} ${theme}: ${violation.id}: ${node.target} ${node.failureSummary}`,
          );
        }
      }
    }
  }
}
await browser.close();
console.log(`${count} violations`);
if (count > 0) process.exit(1);
