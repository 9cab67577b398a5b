// Runs every check of the project that is not a test, shows the output of those that fail, and ends with
// one line per check.

import { run, secondsSince } from './lib/commands.mjs';

const CHECKS = [
  ['Rust formatting', ['cargo', 'fmt', '--all', '--check']],
  ['invariants', ['node', 'scripts/check_invariants.mjs']],
  ['licences and sources', ['node', 'scripts/check_licences.mjs']],
  ['texts in both languages', ['node', 'scripts/check_locales.mjs']],
  ['web formatting and lints', ['npx', 'biome', 'check', '.', '../scripts'], 'web'],
  [
    'TypeScript types',
    ['npm', 'run', '--silent', 'typecheck', '--workspaces', '--if-present'],
    'web',
  ],
  ['web build', ['scripts/build_web.sh']],
  ['face of the SDK', ['npm', 'run', '--silent', 'check', '--workspace', '@jumpa/sdk'], 'web'],
  ['sizes', ['npm', 'run', '--silent', 'size', '--workspaces', '--if-present'], 'web'],
  // Reports and reference pages that packages generate from their sources.
  ['web packages', ['npm', 'run', '--silent', 'check', '--workspaces', '--if-present'], 'web'],
  [
    'Rust lints',
    ['cargo', 'clippy', '--quiet', '--workspace', '--all-targets', '--', '-D', 'warnings'],
  ],
  // The program itself, for documents and browsers, and the same tests that `make test` runs.
  ['debug build', ['cargo', 'build', '--quiet', '--workspace', '--bins', '--tests']],
  [
    'generated files',
    ['cargo', 'test', '--quiet', '-p', 'jumpa-protocol', '-p', 'jumpa-api', '--test', 'contract'],
  ],
  ['documents', ['node', 'scripts/check_docs.mjs']],
];

const only = process.argv.slice(2);
const results = [];
for (const [name, command, cwd] of CHECKS) {
  if (only.length > 0 && !only.includes(name)) continue;
  const start = Date.now();
  const { code, output } = await run(command, { quiet: true, ...(cwd ? { cwd } : {}) });
  const isGood = code === 0;
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${name}, ${secondsSince(start)}`);
  if (!isGood || name === 'sizes') process.stdout.write(output);
  results.push({ name, isGood });
}

const failed = results.filter(({ isGood }) => !isGood).map(({ name }) => name);
if (failed.length > 0) {
  console.log(`\nchecks that failed: ${failed.join(', ')}`);
  process.exitCode = 1;
} else {
  console.log(`\nall ${results.length} checks are good`);
}
