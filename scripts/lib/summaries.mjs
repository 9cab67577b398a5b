// Reads what a test runner says about itself at its end. Each reader takes the whole output and returns
// the runner's own closing lines and the counts in them.

const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Output without colours. */
export function plain(output) {
  return output.replace(ESCAPES, '');
}

function sum(matches, group) {
  return matches.reduce((total, match) => total + Number(match[group] ?? 0), 0);
}

/** `cargo test`: one `test result:` line per test program. */
export function cargoSummary(output) {
  const text = plain(output);
  const results = [
    ...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;.*$/gm),
  ];
  const lines = [];
  let program = '';
  for (const line of text.split('\n')) {
    const running = /^\s+(?:Running|Doc-tests) (.*)$/.exec(line);
    if (running) program = running[1].replace(/ \(.*\)$/, '');
    const result = /^test result: .* (\d+) passed; (\d+) failed;.*$/.exec(line);
    if (result && Number(result[1]) + Number(result[2]) > 0) lines.push(`${line}  [${program}]`);
  }
  return { lines, passed: sum(results, 1), failed: sum(results, 2), skipped: sum(results, 3) };
}

/** vitest: its `Test Files`, `Tests` and `Duration` lines. */
export function vitestSummary(output) {
  const text = plain(output);
  const lines = text
    .split('\n')
    .filter((line) => /^\s*(?:Test Files|Tests|Errors|Duration) {2}/.test(line));
  const tests = [...text.matchAll(/^\s*Tests {2}(.*)$/gm)].map((match) => match[1]);
  const files = [...text.matchAll(/^\s*Test Files {2}(.*)$/gm)].map((match) => match[1]);
  const count = (of, word) =>
    sum(
      of.map((line) => new RegExp(`(\\d+) ${word}`).exec(line) ?? []),
      1,
    );
  // A file that cannot be loaded has no tests to count, so it counts itself.
  const failedTests = count(tests, 'failed');
  return {
    lines: lines.map((line) => line.trimEnd()),
    passed: count(tests, 'passed'),
    failed: failedTests > 0 ? failedTests : count(files, 'failed'),
    skipped: count(tests, 'skipped') + count(tests, 'todo'),
  };
}

/** `node --test`: the counts at the end of its report, in either of its two forms. */
export function nodeSummary(output) {
  const text = plain(output);
  const lines = text
    .split('\n')
    .filter((line) => /^(?:#|ℹ) (?:tests|pass|fail|skipped) \d+$/.test(line));
  const count = (word) => sum([...text.matchAll(new RegExp(`^(?:#|ℹ) ${word} (\\d+)$`, 'gm'))], 1);
  return {
    lines,
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
  };
}

/** schemathesis: the operations that it tested, and what it found, over all of its runs. */
export function schemathesisSummary(output) {
  const text = plain(output);
  const lines = text
    .split('\n')
    .filter((line) => /^\s*(?:Tested: \d+|\d+ generated)/.test(line) || /^== as /.test(line));
  const tested = sum([...text.matchAll(/^\s*Tested: (\d+)$/gm)], 1);
  const found = sum([...text.matchAll(/\b(\d+) unique failures?/g)], 1);
  return {
    lines: lines.map((line) => line.trim()),
    passed: Math.max(0, tested - found),
    failed: found,
    skipped: 0,
  };
}

/** Lines that a failed test may take in the closing lines of a run. */
const FAILURE_LINES = 8;

/** Where each runner begins to tell of a failed test: vitest, cargo (the test's own output), node, schemathesis. */
const FAILURE = /^\s*(?:FAIL {2}|---- .* stdout ----$|not ok |✖ (?!failing tests)|- ST\d+ )/;

/** Each failed test with the first lines of its reason, for whoever reads only the end of a run. */
export function failures(output) {
  const lines = plain(output).split('\n');
  return lines.flatMap((line, at) => {
    if (!FAILURE.test(line)) return [];
    const reason = lines.slice(at + 1, at + 1 + FAILURE_LINES);
    const next = reason.findIndex((other) => other.trim() === '' || FAILURE.test(other));
    return [line, ...(next === -1 ? reason : reason.slice(0, next))].map((one) => one.trimEnd());
  });
}

/**
 * One verdict over all runners: failed when a runner failed, said so itself, or ran no test.
 * @param {{ name: string, code: number | string, summary: { passed: number, failed: number, skipped: number } }[]} runs
 */
export function verdict(runs) {
  const total = (key) => runs.reduce((sumSoFar, { summary }) => sumSoFar + summary[key], 0);
  const problems = [];
  for (const { name, code, summary } of runs) {
    if (summary.passed + summary.failed === 0) problems.push(`${name} ran no test`);
    if (code !== 0 && summary.failed === 0)
      problems.push(`${name} ended with ${code} without a failed test`);
  }
  const failed = total('failed') + problems.length;
  const skipped = total('skipped');
  return {
    problems,
    isGood: failed === 0 && runs.every(({ code }) => code === 0),
    line: `${total('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  };
}
