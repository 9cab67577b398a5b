// Holds the size budgets of the design: what the call page loads first, and the SDK as an app bundles it.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ROOT, report } from './lib/repository.mjs';
import { againstBudget, firstLoad } from './lib/sizes.mjs';

const CALL_PAGE_KB = 220;
const SDK_KB = 60;

const gzipBytes = (content) => gzipSync(content, { level: 9 }).length;

function callPageBytes() {
  const dist = join(ROOT, 'web/apps/call/dist');
  const html = readFileSync(join(dist, 'index.html'));
  const files = firstLoad(html.toString('utf8')).filter((file) => existsSync(join(dist, file)));
  if (files.length === 0) throw new Error('the built call page loads no file; is it built?');
  return (
    gzipBytes(html) +
    files.reduce((sum, file) => sum + gzipBytes(readFileSync(join(dist, file))), 0)
  );
}

async function sdkBytes() {
  const require = createRequire(join(ROOT, 'web/apps/call/package.json'));
  const { build } = await import(
    pathToFileURL(join(require.resolve('vite/package.json'), '../dist/node/index.js')).href
  );
  const [{ output }] = await build({
    root: join(ROOT, 'web/packages/sdk'),
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'sdk' },
    },
  });
  return gzipBytes(output.map((chunk) => chunk.code ?? '').join('\n'));
}

const results = {};
for (const { line, problems } of [
  againstBudget('first load of the call page', callPageBytes(), CALL_PAGE_KB),
  againstBudget('SDK', await sdkBytes(), SDK_KB),
]) {
  results[line] = problems;
}
report(results);
