// Takes pictures of the gallery: node scripts/screenshots.mjs OUT [scenes] [sizes] [themes] [langs]
// Lists are separated by commas. Needs `npm run dev` and a Chromium (CHROMIUM, /usr/bin/chromium).
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [out = 'shots', scenes = 'two', sizes = '1280x800', themes = 'light', langs = 'en'] =
  process.argv.slice(2);
const address = process.env.GALLERY ?? 'http://127.0.0.1:5173/gallery.html';
mkdirSync(out, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
for (const size of sizes.split(',')) {
  const [width, height] = size.split('x').map(Number);
  for (const theme of themes.split(',')) {
    const context = await browser.newContext({
      viewport: { width, height },
      hasTouch: width < 600,
      isMobile: width < 600,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => console.log(`${size} ${theme}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') console.log(`${size}: ${message.text().slice(0, 300)}`);
    });
    for (const lang of langs.split(',')) {
      for (const scene of scenes.split(',')) {
        await page.goto(`${address}?scene=${scene}&theme=${theme}&lang=${lang}`);
        await page.waitForSelector('#root :is(main, section, ul)');
        await page.waitForTimeout(scene === 'warm' ? 4000 : 900);
        await page.screenshot({ path: `${out}/${scene}-${size}-${theme}-${lang}.png` });
      }
    }
    await context.close();
  }
}
await browser.close();
