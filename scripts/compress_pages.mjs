// usage: compress_pages.mjs DIST
// Leaves a .br and a .gz beside every text file of a build, for the server to send as they are.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const TEXTS = /\.(css|html|js|json|svg|txt|wasm|webmanifest)$/;

/** Below it the headers of an answer weigh more than what is saved, bytes. */
const WORTHWHILE_BYTES = 1024;

const [dist] = process.argv.slice(2);
if (!dist) {
  console.error('usage: compress_pages.mjs DIST');
  process.exit(2);
}

const files = readdirSync(dist, { recursive: true, withFileTypes: true });
for (const file of files.filter((entry) => entry.isFile() && TEXTS.test(entry.name))) {
  const path = join(file.parentPath, file.name);
  const original = readFileSync(path);
  if (original.length < WORTHWHILE_BYTES) continue;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  writeFileSync(`${path}.br`, brotliCompressSync(original, quality));
  writeFileSync(`${path}.gz`, gzipSync(original, { level: constants.Z_BEST_COMPRESSION }));
}
