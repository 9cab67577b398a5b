// Adds up what a browser loads before the first screen can be used, gzip, and fails above the budget:
// everything the entry imports statically, the frame of the area, one language, and the heaviest first screen with
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

// Which texts come with which screens; all others are there from the start. See src/routes/.
const SCREEN_TEXTS = {
  audit: /(?:AuditPage|operator\/ClientPage)\.tsx$/,
  numbers: /\/(?:overview|calls|usage)\/|RecordingsPage|operator\/UsagePage/,
  operator: /\/operator\//,
  platform: /operator\/(?:SystemPage|providers|settings)/,
  recorders: /operator\/recorders\/|operator\/.*[Ss]lots|RecordingsPage|ClientAppsPage/,
  recordings:
    /\/(?:recordings|recording_settings)\/|rooms\/RoomPage|SharedRecordingPage|operator\/settings/,
  reference: /\/reference\//,
  rooms: /\/rooms\//,
  webhooks: /\/webhooks\//,
};
const textKey = (name) => `locales/en/${name}.json`;
const later = readFileSync(new URL('../src/i18n/i18n.ts', import.meta.url), 'utf8')
  .match(/SCREEN_NAMESPACES = \[([^\]]*)\]/)[1]
  .match(/\w+/g);
for (const name of later) {
  if (!SCREEN_TEXTS[name]) throw new Error(`which screens wait for the texts ${name}?`);
}
const textsOf = (screen) => later.filter((name) => SCREEN_TEXTS[name].test(screen)).map(textKey);
const texts = keys.filter(
  (key) => key.startsWith('locales/en/') && !later.map(textKey).includes(key),
);

const screens = keys.filter(
  (key) => manifest[key].isDynamicEntry && /(?:Page|Frame)\.tsx$/.test(key),
);
const areaOf = (key) => key.split('/')[1];
const frameOf = (screen) =>
  screens.filter((key) => key.endsWith('Frame.tsx') && areaOf(key) === areaOf(screen));
const entry = ['index.html', ...texts];
const start = kilobytes(filesOf(entry));
const [heaviest, first] = screens
  .map((key) => [key, kilobytes(filesOf([...entry, ...frameOf(key), ...textsOf(key), key]))])
  .reduce((worst, screen) => (screen[1] > worst[1] ? screen : worst), ['none', start]);
console.log(`dashboard, before any screen: ${start.toFixed(1)} kB gzip`);
console.log(
  `dashboard, heaviest first route: ${first.toFixed(1)} kB gzip, ${heaviest} (limit ${BUDGET_KB})`,
);
if (first > BUDGET_KB) process.exit(1);
