// Runs the commands that the documents show and follows their links.
// Each document's blocks run as one script in an empty folder, with the debug build of `jumpa` on the path.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { run } from './lib/commands.mjs';
import { relativeLinks, scriptOf, testedBlocks } from './lib/docs.mjs';
import { ROOT, report, trackedPaths } from './lib/repository.mjs';

const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/jumpa/target');
const PATH = [join(target, 'debug'), process.env.PATH].join(delimiter);

async function commandProblems(path, blocks) {
  const folder = mkdtempSync(join(tmpdir(), 'jumpa-docs-'));
  try {
    const { code, output } = await run(['bash', '-c', scriptOf(blocks)], {
      cwd: folder,
      quiet: true,
      env: { PATH },
    });
    return code === 0
      ? []
      : [`${path}: its commands end with ${code}`, ...output.trim().split('\n').slice(-12)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const results = { 'links between documents': [] };
let blocksRun = 0;
for (const path of trackedPaths().filter((candidate) => candidate.endsWith('.md'))) {
  const markdown = readFileSync(join(ROOT, path), 'utf8');
  for (const link of relativeLinks(markdown)) {
    if (!existsSync(join(ROOT, dirname(path), link))) {
      results['links between documents'].push(`${path}: ${link} does not exist`);
    }
  }
  const blocks = testedBlocks(markdown);
  if (blocks.length > 0) {
    blocksRun += blocks.length;
    results[`commands of ${path}`] = await commandProblems(path, blocks);
  }
}
if (blocksRun === 0) results['commands of the documents'] = ['no block marked `test` was found'];
report(results);
