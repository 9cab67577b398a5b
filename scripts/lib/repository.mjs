// Reads the checkout for the checks.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the checkout. */
export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));

const LARGE = 256 * 1024 * 1024;

/** Paths of all files that are or would be checked in, relative to the checkout. */
export function trackedPaths() {
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: LARGE,
    },
  );
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

/** Text files with their content; binary ones are left out. */
export function trackedFiles() {
  return trackedPaths()
    .filter((path) => /\.(?:rs|toml|tsx?|mjs|css|sql|sh|json|md)$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** `cargo metadata` as an object; `noDeps` leaves third parties out. */
export function cargoMetadata({ noDeps }) {
  const args = ['metadata', '--format-version', '1', '--locked', ...(noDeps ? ['--no-deps'] : [])];
  return JSON.parse(
    execFileSync('cargo', args, {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: LARGE,
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
}

/** Prints named results and ends the process with 1 when one holds a problem. */
export function report(results) {
  let failed = false;
  for (const [name, problems] of Object.entries(results)) {
    console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
    for (const problem of problems) console.log(`     ${problem}`);
    failed ||= problems.length > 0;
  }
  process.exitCode = failed ? 1 : 0;
}
