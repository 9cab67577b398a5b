import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  clockForbiddenByClippy,
  crateDirections,
  fileLengths,
  noDrawers,
  noGlobImports,
  overflowChecksOn,
  ownedDependencies,
  pureSources,
  unsafeForbidden,
} from '../lib/invariants.mjs';

function crate(name, ...dependencies) {
  return {
    name: `jumpa-${name}`,
    dependencies: dependencies.map((dependency) =>
      typeof dependency === 'string' ? { name: dependency, kind: null } : dependency,
    ),
  };
}

function metadata(...packages) {
  return { packages };
}

const source = (path, text) => [{ path, text }];

test('a role that imports another role is refused', () => {
  assert.deepEqual(crateDirections(metadata(crate('signalling', 'jumpa-protocol'))), []);
  assert.equal(crateDirections(metadata(crate('signalling', 'jumpa-sfu'))).length, 1);
});

test('a media crate that needs the database is refused', () => {
  assert.equal(crateDirections(metadata(crate('sfu', 'jumpa-db'))).length, 1);
});

test('a test-only dependency is refused in the product', () => {
  const inTests = { name: 'jumpa-netsim', kind: 'dev' };
  assert.deepEqual(crateDirections(metadata(crate('rtc', inTests))), []);
  assert.equal(crateDirections(metadata(crate('rtc', 'jumpa-netsim'))).length, 1);
});

test('a crate without a place is refused', () => {
  assert.equal(crateDirections(metadata(crate('somewhere'))).length, 1);
});

test('str0m outside rtc is refused as dependency and in sources', () => {
  assert.deepEqual(ownedDependencies(metadata(crate('rtc', 'str0m')), []), []);
  assert.equal(ownedDependencies(metadata(crate('sfu', 'str0m')), []).length, 1);
  const file = source('crates/sfu-core/src/room.rs', 'fn f(rtc: str0m::Rtc) {}\n');
  assert.equal(ownedDependencies(metadata(), file).length, 1);
});

test('a comment may speak of a dependency that belongs elsewhere', () => {
  const file = source('crates/sfu/src/demux.rs', '//! str0m does not do this by itself.\n');
  assert.deepEqual(ownedDependencies(metadata(), file), []);
});

test('a pure crate that reads the clock, a socket, chance or the environment is refused', () => {
  for (const line of [
    'let now = Instant::now();',
    'let socket = UdpSocket::bind(address)?;',
    'let number: u32 = rand::random();',
    'let home = std::env::var("HOME");',
  ]) {
    assert.equal(pureSources(source('crates/sfu-core/src/room.rs', `${line}\n`)).length, 1, line);
    assert.deepEqual(pureSources(source('crates/sfu/src/worker.rs', `${line}\n`)), []);
  }
});

test('a pure crate without the clock in its clippy.toml is refused', () => {
  const text = '"std::time::Instant::now" "std::time::SystemTime::now"';
  const path = 'crates/rtc/clippy.toml';
  assert.deepEqual(clockForbiddenByClippy([{ path, text }], ['rtc']), []);
  assert.equal(clockForbiddenByClippy([], ['rtc']).length, 2);
});

test('a crate that leaves the lints of the workspace is refused', () => {
  const root = { path: 'Cargo.toml', text: '[workspace.lints.rust]\nunsafe_code = "forbid"\n' };
  const good = { path: 'crates/sfu/Cargo.toml', text: '[lints]\nworkspace = true\n' };
  const bad = { path: 'crates/sfu/Cargo.toml', text: '[dependencies]\n' };
  assert.deepEqual(unsafeForbidden([root, good]), []);
  assert.equal(unsafeForbidden([root, bad]).length, 1);
  assert.equal(unsafeForbidden([good]).length, 1);
});

test('unsafe code in a source is refused', () => {
  const root = { path: 'Cargo.toml', text: '[workspace.lints.rust]\nunsafe_code = "forbid"\n' };
  const file = { path: 'crates/sfu/src/udp.rs', text: 'fn f() { unsafe { g() } }\n' };
  assert.equal(unsafeForbidden([root, file]).length, 1);
});

test('a release profile without overflow checks is refused', () => {
  assert.deepEqual(
    overflowChecksOn(source('Cargo.toml', '[profile.release]\noverflow-checks = true\n')),
    [],
  );
  assert.equal(
    overflowChecksOn(source('Cargo.toml', '[profile.release]\ndebug = true\n')).length,
    1,
  );
  assert.equal(
    overflowChecksOn(
      source('Cargo.toml', '[profile.dev]\noverflow-checks = true\n[profile.release]\n'),
    ).length,
    1,
  );
});

test('a source longer than 800 lines is refused unless it is a test or generated', () => {
  const text = 'x\n'.repeat(801);
  assert.equal(fileLengths(source('crates/sfu/src/worker.rs', text)).length, 1);
  assert.deepEqual(fileLengths(source('crates/sfu/src/worker/tests.rs', text)), []);
  assert.deepEqual(fileLengths(source('web/packages/sdk/src/generated/protocol.ts', text)), []);
  assert.deepEqual(fileLengths(source('crates/sfu/src/worker.rs', 'x\n'.repeat(800))), []);
});

test('a glob import is refused except super in tests', () => {
  assert.equal(noGlobImports(source('crates/sfu/src/lib.rs', 'use std::io::*;\n')).length, 1);
  assert.equal(noGlobImports(source('crates/sfu/src/lib.rs', 'pub use worker::*;\n')).length, 1);
  assert.equal(noGlobImports(source('crates/sfu/src/lib.rs', 'use super::*;\n')).length, 1);
  const inTests = '#[cfg(test)]\nmod tests {\n    use super::*;\n}\n';
  assert.deepEqual(noGlobImports(source('crates/sfu/src/lib.rs', inTests)), []);
});

test('a file named after nothing is refused', () => {
  assert.equal(noDrawers(source('crates/sfu/src/utils.rs', '')).length, 1);
  assert.equal(noDrawers(source('web/apps/call/src/helpers/format.ts', '')).length, 1);
  assert.deepEqual(noDrawers(source('crates/sfu/src/worker.rs', '')), []);
});
