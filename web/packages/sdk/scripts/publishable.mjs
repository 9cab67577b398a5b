// Writes dist/package.json: the package as it is published. Inside the workspace apps import the
// sources, so that an edit needs no build; outside they get the built files.

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const {
  scripts,
  devDependencies,
  files,
  private: _,
  ...manifest
} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const published = {
  ...manifest,
  exports: { '.': { types: './types/index.d.ts', default: './index.js' } },
};
writeFileSync(join(ROOT, 'dist/package.json'), `${JSON.stringify(published, null, 2)}\n`);
copyFileSync(join(ROOT, 'README.md'), join(ROOT, 'dist/README.md'));
