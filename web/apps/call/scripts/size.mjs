// Adds up what a browser loads for the call page, gzip, and fails above the budget.
// First load: everything the entry imports statically, one language, all of its style sheets.
// In the call: the first load and what the call screen adds; panels and dialogs come later.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 220;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

/** Every file that the chunks named `keys` need before they run. */
function filesOf(keys) {
  const files = new Set();
  const seen = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk || seen.has(key)) return;
    seen.add(key);
    files.add(chunk.file);
    for (const style of chunk.css ?? []) files.add(style);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const key of keys) visit(key);
  return files;
}

function kilobytes(files) {
  let bytes = 0;
  for (const file of files) {
    if (/\.(js|css)$/.test(file)) bytes += gzipSync(readFileSync(new URL(file, dist))).length;
  }
  return bytes / 1000;
}

const entry = ['index.html', 'locales/en/call.json', 'src/controls/PageMenu.tsx'];
const first = kilobytes(filesOf(entry));
const call = kilobytes(filesOf([...entry, 'src/call/CallScreen.tsx']));
console.log(`call page, first load: ${first.toFixed(1)} kB gzip (limit ${BUDGET_KB})`);
console.log(`call page, in the call: ${call.toFixed(1)} kB gzip`);
if (first > BUDGET_KB) process.exit(1);
