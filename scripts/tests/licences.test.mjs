import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cargoBanProblems,
  cargoLicenceProblems,
  cargoSourceProblems,
  isAllowed,
  npmAddressProblems,
  npmLicenceProblems,
  tomlStrings,
} from '../lib/licences.mjs';

const ALLOWED = ['MIT', 'Apache-2.0', 'Apache-2.0 WITH LLVM-exception'];

test('a choice needs one allowed licence and a combination all of them', () => {
  assert.ok(isAllowed('MIT OR GPL-3.0', ALLOWED));
  assert.ok(isAllowed('GPL-3.0/MIT', ALLOWED));
  assert.ok(isAllowed('(MIT OR GPL-3.0) AND Apache-2.0', ALLOWED));
  assert.ok(isAllowed('Apache-2.0 WITH LLVM-exception', ALLOWED));
  assert.ok(!isAllowed('MIT AND GPL-3.0', ALLOWED));
  assert.ok(!isAllowed('GPL-3.0', ALLOWED));
  assert.ok(!isAllowed('SEE LICENSE IN LICENSE.txt', ALLOWED));
});

test('a Rust package under another licence or none is refused', () => {
  const packages = [
    { name: 'good', version: '1.0.0', license: 'MIT' },
    { name: 'bad', version: '1.0.0', license: 'AGPL-3.0-only' },
    { name: 'silent', version: '1.0.0', license: null },
  ];
  assert.equal(cargoLicenceProblems({ packages }, ALLOWED).length, 2);
});

test('a banned Rust package and one from a repository are refused', () => {
  const packages = [
    { name: 'openssl', version: '0.10.0', source: 'registry+https://example.test' },
    { name: 'fork', version: '0.1.0', source: 'git+https://example.test/fork' },
    { name: 'ours', version: '0.1.0', source: null },
  ];
  assert.equal(cargoBanProblems({ packages }, ['openssl']).length, 1);
  assert.equal(cargoSourceProblems({ packages }).length, 1);
});

test('an npm package under another licence is refused and workspaces are not looked at', () => {
  const packages = {
    '': { name: '@jumpa/web' },
    'packages/sdk': { name: '@jumpa/sdk' },
    'node_modules/@jumpa/sdk': { link: true, resolved: 'packages/sdk' },
    'node_modules/good': { version: '1.0.0', license: 'MIT' },
    'node_modules/bad': { version: '1.0.0', license: 'SSPL-1.0' },
  };
  assert.equal(npmLicenceProblems({ packages }, ALLOWED).length, 1);
  assert.deepEqual(npmAddressProblems({ packages }), []);
});

test('a download address in the npm lock file is refused', () => {
  const packages = { 'node_modules/good': { resolved: 'https://example.test/good.tgz' } };
  assert.equal(npmAddressProblems({ packages }).length, 1);
});

test('the allowed licences are read from the policy file', () => {
  assert.deepEqual(tomlStrings('[licenses]\nallow = [\n  "MIT",\n  "ISC",\n]\n', 'allow'), [
    'MIT',
    'ISC',
  ]);
});
