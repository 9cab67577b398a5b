// Adds up what a browser loads before the first screen can be used, gzip, and fails above the budget:
// everything the entry imports statically, the frame, one language, and the heaviest first screen with
// the texts that come with it.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 300;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const keys = Object.keys(manifest);

/** Every file that the chunks named `wanted` need before they run. */
function filesOf(wanted) {
  const files = new Set();
  const seen = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk) throw new Error(`the build has no chunk ${key}`);
    if (seen.has(key)) return;
    seen.add(key);
    files.add(chunk.file);
    for (const style of chunk.css ?? []) files.add(style);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const key of wanted) visit(key);
  return files;
}

function kilobytes(files) {
  let bytes = 0;
  for (const file of files) {
    if (/\.(js|css)$/.test(file)) bytes += gzipSync(readFileSync(new URL(file, dist))).length;
  }
  return bytes / 1000;
}

// Which texts come with which screens; all others are there from the start. See src/i18n/i18n.ts.
const SCREEN_TEXTS = [
  ['numbers', /\/(?:overview|calls|usage)\/|operator\/UsagePage/],
  ['rooms', /\/rooms\//],
  ['webhooks', /\/webhooks\//],
];
const textsOf = (screen) =>
  SCREEN_TEXTS.filter(([, screens]) => screens.test(screen)).map(
    ([name]) => `locales/en/${name}.json`,
  );

const later = SCREEN_TEXTS.map(([name]) => `locales/en/${name}.json`);
const texts = keys.filter((key) => key.startsWith('locales/en/') && !later.includes(key));
const screens = keys.filter(
  (key) => manifest[key].isDynamicEntry && /(?:Page|Frame)\.tsx$/.test(key),
);
const frame = screens.filter((key) => key.endsWith('Frame.tsx'));
const entry = ['index.html', ...texts];
const start = kilobytes(filesOf(entry));
const [heaviest, first] = screens
  .map((key) => [key, kilobytes(filesOf([...entry, ...frame, ...textsOf(key), key]))])
  .reduce((worst, screen) => (screen[1] > worst[1] ? screen : worst), ['none', start]);
console.log(`dashboard, before any screen: ${start.toFixed(1)} kB gzip`);
console.log(
  `dashboard, heaviest first route: ${first.toFixed(1)} kB gzip, ${heaviest} (limit ${BUDGET_KB})`,
);
if (first > BUDGET_KB) process.exit(1);
