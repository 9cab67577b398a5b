import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cargoSummary,
  failures,
  nodeSummary,
  schemathesisSummary,
  verdict,
  vitestSummary,
} from '../lib/summaries.mjs';

const CARGO = `
     Running unittests src/lib.rs (/cache/debug/deps/jumpa_rtc-1)
running 2 tests
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
     Running tests/room.rs (/cache/debug/deps/room-2)
test result: FAILED. 3 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s
   Doc-tests jumpa_rtc
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
`;

test('cargo test programs are summed and empty ones left out of the lines', () => {
  const summary = cargoSummary(CARGO);
  assert.deepEqual([summary.passed, summary.failed, summary.skipped], [5, 1, 1]);
  assert.equal(summary.lines.length, 2);
  assert.match(summary.lines[1], /tests\/room\.rs/);
});

test('vitest counts are read with failures, skips and colours', () => {
  const colour = String.fromCharCode(27);
  const summary = vitestSummary(
    ` Test Files  1 failed | 2 passed (3)\n      ${colour}[2mTests ${colour}[22m 1 failed | 12 passed | 2 skipped (15)\n   Duration  1.20s\n`,
  );
  assert.deepEqual([summary.passed, summary.failed, summary.skipped], [12, 1, 2]);
  assert.equal(summary.lines.length, 3);
});

test('a vitest file that cannot be loaded counts as failed', () => {
  const summary = vitestSummary(
    ' Test Files  1 failed | 2 passed (3)\n      Tests  12 passed (12)\n',
  );
  assert.equal(summary.failed, 1);
});

test('node counts are read in both report forms', () => {
  for (const mark of ['#', 'ℹ']) {
    const summary = nodeSummary(
      `${mark} tests 5\n${mark} pass 4\n${mark} fail 1\n${mark} skipped 0\n`,
    );
    assert.deepEqual([summary.passed, summary.failed], [4, 1]);
  }
});

const run = (code, passed, failed) => ({
  name: 'runner',
  code,
  summary: { passed, failed, skipped: 0 },
});

test('all runners passing is one plain line', () => {
  assert.deepEqual(verdict([run(0, 3, 0), run(0, 4, 0)]), {
    problems: [],
    isGood: true,
    line: '7 passed, 0 failed',
  });
});

test('a runner that ran no test fails the whole', () => {
  const whole = verdict([run(0, 3, 0), run(0, 0, 0)]);
  assert.equal(whole.isGood, false);
  assert.deepEqual(whole.problems, ['runner ran no test']);
  assert.equal(whole.line, '3 passed, 1 failed');
});

test('a runner that ends badly without a failed test fails the whole', () => {
  const whole = verdict([run(101, 3, 0)]);
  assert.equal(whole.isGood, false);
  assert.equal(whole.line, '3 passed, 1 failed');
});

test('a failed test fails the whole', () => {
  assert.equal(verdict([run(1, 3, 1)]).line, '3 passed, 1 failed');
  assert.equal(verdict([run(1, 3, 1)]).isGood, false);
});

test('failed tests are named with the beginning of their reason', () => {
  const output = `
 FAIL  tests/chat.e2e.ts > chat > a late joiner reads the history
Error: not within 30000 ms: Siti reads "Halo"
seen last: buttons: none

unrelated
---- call::lobby_opens stdout ----
thread 'call::lobby_opens' panicked at src/call.rs:1:1:
`;
  assert.deepEqual(failures(output), [
    ' FAIL  tests/chat.e2e.ts > chat > a late joiner reads the history',
    'Error: not within 30000 ms: Siti reads "Halo"',
    'seen last: buttons: none',
    '---- call::lobby_opens stdout ----',
    "thread 'call::lobby_opens' panicked at src/call.rs:1:1:",
  ]);
});

test('schemathesis counts tested operations and unique failures over its runs', () => {
  const summary = schemathesisSummary(`
== as operator
  Tested: 46
  1862 generated, 3 found 3 unique failures, 58 skipped
== as owner
  Tested: 46
  1844 generated, 37 skipped
`);
  assert.deepEqual([summary.passed, summary.failed], [89, 3]);
  assert.equal(summary.lines.length, 6);
});
