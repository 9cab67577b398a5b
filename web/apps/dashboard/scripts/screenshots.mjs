// Takes pictures of the gallery: node scripts/screenshots.mjs OUT [scenes] [sizes] [themes] [langs]
// Lists are separated by commas; the scene `all` is every one. A name like `apps:Create an app` presses
// that button first. SETTLE_MS waits for what is loaded on demand, such as charts.
// Needs `npm run dev` and a Chromium (CHROMIUM, /usr/bin/chromium).
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [out = 'shots', wanted = 'all', sizes = '1280x800', themes = 'light', langs = 'en'] =
  process.argv.slice(2);
const address = process.env.GALLERY ?? 'http://127.0.0.1:5174/dashboard/gallery.html';
mkdirSync(out, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
for (const size of sizes.split(',')) {
  const [width, height] = size.split('x').map(Number);
  const context = await browser.newContext({
    viewport: { width, height },
    hasTouch: width < 600,
    isMobile: width < 600,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.log(`${size}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.log(`${size}: ${message.text().slice(0, 300)}`);
  });
  for (const theme of themes.split(',')) {
    for (const lang of langs.split(',')) {
      for (const scene of await scenesOf(page)) {
        const [name, button] = scene.split(':');
        await page.goto(`${address}?scene=${name}&theme=${theme}&lang=${lang}`);
        await page.waitForSelector('#root main');
        await page.waitForLoadState('networkidle');
        if (button) await page.getByRole('button', { name: button }).first().click();
        await page.waitForTimeout(Number(process.env.SETTLE_MS ?? (button ? 500 : 150)));
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (overflow > 0)
          console.log(`${scene} ${size} ${lang}: scrolls sideways by ${overflow} px`);
        const file = scene.replace(/[^\w-]+/g, '-');
        await page.screenshot({ path: `${out}/${file}-${width}-${theme}-${lang}.png` });
      }
    }
  }
  await context.close();
}
await browser.close();

async function scenesOf(page) {
  if (wanted !== 'all') return wanted.split(',');
  await page.goto(address);
  return page.locator('#root a').allTextContents();
}
