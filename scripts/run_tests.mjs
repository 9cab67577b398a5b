// Runs every test of the project, one runner after the other, and ends with each runner's own summary and
// one line over all of them. Fails when a test failed, a runner failed, or a runner ran no test.

import { run, secondsSince } from './lib/commands.mjs';
import {
  cargoSummary,
  failures,
  nodeSummary,
  schemathesisSummary,
  verdict,
  vitestSummary,
} from './lib/summaries.mjs';

const RUNNERS = [
  {
    name: 'scripts (node --test)',
    prepare: [],
    command: ['node', '--test', '--test-reporter=spec', 'scripts/tests/'],
    read: nodeSummary,
  },
  {
    name: 'web packages (vitest)',
    prepare: [],
    command: ['npm', 'test'],
    cwd: 'web',
    read: vitestSummary,
  },
  {
    name: 'crates (cargo test)',
    // The server carries the pages, so they are built first.
    prepare: [
      ['scripts/build_web.sh'],
      // The program itself too, which the browser tests run.
      ['cargo', 'build', '--quiet', '--workspace', '--bins', '--tests'],
    ],
    command: ['cargo', 'test', '--workspace', '--no-fail-fast'],
    read: cargoSummary,
  },
  {
    name: 'API (schemathesis)',
    prepare: [],
    command: ['node', 'scripts/fuzz_api.mjs'],
    read: schemathesisSummary,
  },
  {
    name: 'browsers (vitest)',
    prepare: [],
    command: ['npm', 'run', '--silent', 'e2e', '--workspace', '@jumpa/e2e'],
    cwd: 'web',
    read: vitestSummary,
  },
];

const runs = [];
for (const { name, prepare, command, cwd, read } of RUNNERS) {
  const start = Date.now();
  console.log(`\n== ${name}`);
  let result = { code: 0, output: '' };
  for (const step of prepare) {
    if (result.code === 0) result = await run(step);
  }
  if (result.code === 0) result = await run(command, cwd ? { cwd } : {});
  const failed = result.code === 0 ? [] : failures(result.output);
  const summary = read(result.output);
  runs.push({ name, code: result.code, summary, failed, took: secondsSince(start) });
}

const { problems, isGood, line } = verdict(runs);
for (const { name, summary, took } of runs) {
  console.log(`\n== ${name}, ${took}`);
  for (const summaryLine of summary.lines) console.log(summaryLine);
}
for (const { name, failed } of runs) {
  if (failed.length > 0) console.log(`\n== failed in ${name}\n${failed.join('\n')}`);
}
for (const problem of problems) console.log(`\n${problem}`);
console.log(`\n${line}`);
process.exitCode = isGood ? 0 : 1;
