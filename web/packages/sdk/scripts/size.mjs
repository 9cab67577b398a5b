// Holds the size of the SDK as an app bundles it: at most 60 kB gzip.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const BUDGET_KB = 60;
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

const [{ output }] = await build({
  root: ROOT,
  configFile: false,
  logLevel: 'error',
  build: {
    write: false,
    minify: true,
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'sdk' },
  },
});
const bytes = gzipSync(output.map((chunk) => chunk.code ?? '').join('\n'), { level: 9 }).length;
const kilobytes = bytes / 1000;
console.log(`SDK: ${kilobytes.toFixed(1)} of ${BUDGET_KB} kB gzip`);
if (kilobytes > BUDGET_KB) process.exitCode = 1;
