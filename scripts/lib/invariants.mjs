// The invariants of ARCHITECTURE.md, each as a pure function from sources to a list of problems.
// A problem is one readable line; no problem is an empty list.

/**
 * What each crate may use of ours: `build` in the product, `test` in its tests besides.
 * Roles (sfu, signalling, api) never import each other, and the media plane never needs db or api.
 */
export const CRATE_DIRECTIONS = {
  protocol: { build: [], test: [] },
  netsim: { build: [], test: [] },
  outbound: { build: ['protocol'], test: [] },
  rtc: { build: [], test: ['netsim'] },
  'sfu-core': { build: ['rtc', 'protocol'], test: ['netsim'] },
  sfu: { build: ['sfu-core', 'rtc', 'protocol'], test: ['netsim'] },
  signalling: { build: ['protocol'], test: ['netsim'] },
  db: { build: ['protocol'], test: ['test-database'] },
  'test-database': { build: ['db', 'test-database-macros'], test: [] },
  'test-database-macros': { build: [], test: [] },
  storage: { build: ['outbound', 'protocol'], test: ['test-storage'] },
  'test-storage': { build: ['protocol'], test: [] },
  api: {
    build: ['db', 'outbound', 'protocol', 'storage'],
    test: ['test-database', 'test-storage'],
  },
  client: { build: ['rtc', 'outbound', 'protocol'], test: ['netsim'] },
  recorded: { build: ['protocol'], test: [] },
  composer: { build: ['protocol', 'recorded'], test: [] },
  recorder: {
    build: ['client', 'outbound', 'recorded', 'rtc', 'protocol', 'storage'],
    test: ['netsim', 'test-storage'],
  },
  load: { build: ['client', 'protocol', 'recorded', 'recorder'], test: [] },
  server: {
    build: ['api', 'db', 'protocol', 'sfu', 'signalling'],
    test: ['client', 'rtc', 'test-database'],
  },
  // The whole server and its clients; part of no product.
  'system-tests': {
    build: [
      'client',
      'db',
      'load',
      'protocol',
      'recorded',
      'recorder',
      'rtc',
      'server',
      'signalling',
      'test-database',
      'test-storage',
    ],
    test: [],
  },
};

/** Dependencies that one crate alone may name. */
export const OWNED_DEPENDENCIES = {
  str0m: 'rtc',
  sqlx: 'db',
  gio: 'composer',
  gstreamer: 'composer',
};

/** Crates whose time, randomness and input are arguments. */
export const PURE_CRATES = ['rtc', 'sfu-core'];

/** Sources longer than this hide a second responsibility. */
export const MAX_LINES = 800;

const IMPURE = [
  [/\bInstant::now\b/, 'reads the clock'],
  // Moments that others tell are data.
  [/\bSystemTime::now\b/, 'reads the clock'],
  [/\bUNIX_EPOCH\.elapsed\b/, 'reads the clock'],
  [/\b(?:UdpSocket|TcpStream|TcpListener|UnixStream)\b/, 'opens a socket'],
  [/\b(?:mio|socket2|tokio)::/, 'does I/O'],
  [/\b(?:rand|getrandom|fastrand)::/, 'draws random numbers'],
  [/\bthread_rng\b|\bOsRng\b|\bSystemRandom\b/, 'draws random numbers'],
  [/\b(?:std::)?env::/, 'reads the environment'],
  [/\bstd::fs\b|\bFile::/, 'reads files'],
  [/\bthread::(?:sleep|spawn)\b/, 'uses threads'],
];

const CLOCK_METHODS = ['std::time::Instant::now', 'std::time::SystemTime::now'];

/** Folder name of one of our packages: `jumpa-sfu-core` is `sfu-core`. */
function folderOf(packageName) {
  return packageName.startsWith('jumpa-') ? packageName.slice('jumpa-'.length) : null;
}

/** Removes comments, so that a check reads code and not prose about it. */
export function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:"'])\/\/[^\n]*/g, '$1');
}

function isTestPath(path) {
  return /(^|\/)tests?(\/|\.rs$)|\.test\.tsx?$|_tests?\.rs$/.test(path);
}

function crateOf(path) {
  return /^crates\/([^/]+)\//.exec(path)?.[1] ?? null;
}

/** Crates depend on each other only in the allowed directions (`cargo metadata --no-deps`). */
export function crateDirections(metadata, directions = CRATE_DIRECTIONS) {
  const problems = [];
  for (const pkg of metadata.packages) {
    const crate = folderOf(pkg.name);
    const allowed = crate && directions[crate];
    if (!allowed) {
      problems.push(
        `crate ${pkg.name} has no place in the directions of scripts/lib/invariants.mjs`,
      );
      continue;
    }
    for (const dependency of pkg.dependencies) {
      const target = folderOf(dependency.name);
      if (target === null) continue;
      const names = dependency.kind === 'dev' ? [...allowed.build, ...allowed.test] : allowed.build;
      if (!names.includes(target)) {
        const where = dependency.kind === 'dev' ? 'its tests use' : 'it uses';
        problems.push(`crate ${crate}: ${where} ${target}, which its place does not allow`);
      }
    }
  }
  return problems;
}

/** str0m is named by `rtc` alone and sqlx by `db` alone, in dependencies and in sources. */
export function ownedDependencies(metadata, files, owned = OWNED_DEPENDENCIES) {
  const problems = [];
  for (const [dependency, owner] of Object.entries(owned)) {
    for (const pkg of metadata.packages) {
      const crate = folderOf(pkg.name);
      const uses = pkg.dependencies.some((used) => used.name === dependency);
      if (uses && crate !== owner) {
        problems.push(`crate ${crate}: depends on ${dependency}, which belongs to ${owner}`);
      }
    }
    const named = new RegExp(`\\b${dependency}\\b`);
    for (const { path, text } of files) {
      if (!path.endsWith('.rs') || crateOf(path) === owner) continue;
      if (named.test(withoutComments(text))) {
        problems.push(`${path}: names ${dependency}, which belongs to ${owner}`);
      }
    }
  }
  return problems;
}

/** Pure crates read no clock, socket, random source, environment or file. */
export function pureSources(files, pure = PURE_CRATES) {
  const problems = [];
  for (const { path, text } of files) {
    if (!path.endsWith('.rs') || !pure.includes(crateOf(path)) || path.includes('/fuzz/')) continue;
    withoutComments(text)
      .split('\n')
      .forEach((line, index) => {
        for (const [pattern, effect] of IMPURE) {
          if (pattern.test(line)) problems.push(`${path}:${index + 1}: ${effect}: ${line.trim()}`);
        }
      });
  }
  return problems;
}

/** Pure crates also have the clock forbidden by clippy, which sees through imports. */
export function clockForbiddenByClippy(files, pure = PURE_CRATES) {
  const problems = [];
  for (const crate of pure) {
    const path = `crates/${crate}/clippy.toml`;
    const file = files.find((candidate) => candidate.path === path);
    for (const method of CLOCK_METHODS) {
      if (!file?.text.includes(`"${method}"`))
        problems.push(`${path}: does not disallow ${method}`);
    }
  }
  return problems;
}

/** The table `name` of a TOML text, as its lines; empty when there is none. */
function tomlTable(text, name) {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.trim() === `[${name}]`);
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^\s*\[/.test(line));
  return (end < 0 ? rest : rest.slice(0, end)).map((line) => line.trim());
}

/** Unsafe code is forbidden everywhere, and no source allows it again. */
export function unsafeForbidden(files) {
  const problems = [];
  const root = files.find(({ path }) => path === 'Cargo.toml');
  const lints = tomlTable(root?.text ?? '', 'workspace.lints.rust');
  if (!lints.includes('unsafe_code = "forbid"')) {
    problems.push('Cargo.toml: [workspace.lints.rust] does not forbid unsafe_code');
  }
  for (const { path, text } of files) {
    if (/^crates\/[^/]+\/Cargo\.toml$/.test(path)) {
      if (!tomlTable(text, 'lints').includes('workspace = true')) {
        problems.push(`${path}: does not take the lints of the workspace`);
      }
    } else if (
      path.endsWith('.rs') &&
      /\ballow\([^)]*unsafe_code|\bunsafe\s*(?:\{|fn|impl)/.test(withoutComments(text))
    ) {
      problems.push(`${path}: holds or allows unsafe code`);
    }
  }
  return problems;
}

/** A release build panics on overflow instead of forwarding a wrong number. */
export function overflowChecksOn(files) {
  const root = files.find(({ path }) => path === 'Cargo.toml');
  return tomlTable(root?.text ?? '', 'profile.release').includes('overflow-checks = true')
    ? []
    : ['Cargo.toml: [profile.release] does not set overflow-checks = true'];
}

/** No source is longer than MAX_LINES; generated files, tests and lock files may be. */
export function fileLengths(files, maxLines = MAX_LINES) {
  return files
    .filter(({ path }) => /\.(?:rs|tsx?|mjs|css|sql|sh)$/.test(path))
    .filter(({ path }) => !isTestPath(path) && !/(^|\/)generated\//.test(path))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > maxLines)
    .map(({ path, lines }) => `${path}: ${lines} lines, at most ${maxLines} are allowed`);
}

/** Imports name what they take; `use super::*` stands in tests alone. */
export function noGlobImports(files) {
  const problems = [];
  for (const { path, text } of files) {
    if (!path.endsWith('.rs')) continue;
    let inTests = isTestPath(path);
    withoutComments(text)
      .split('\n')
      .forEach((line, index) => {
        if (/^\s*#\[cfg\(test\)\]/.test(line)) inTests = true;
        const glob = /^\s*(?:pub(?:\([^)]*\))?\s+)?use\s+(.*::\*|\*)/.exec(line);
        if (!glob || (inTests && glob[1] === 'super::*')) return;
        problems.push(`${path}:${index + 1}: imports by glob: ${line.trim()}`);
      });
  }
  return problems;
}

/** Files say what they hold: no drawer for everything. */
export function noDrawers(files) {
  return files
    .filter(({ path }) =>
      /(^|\/)(?:utils?|helpers?|common|misc|managers?)(\/|\.(?:rs|tsx?|mjs)$)/i.test(path),
    )
    .map(({ path }) => `${path}: name it after what it holds`);
}

/** Every invariant by name, over one reading of the repository. */
export function allInvariants({ metadata, files }) {
  return {
    'crates depend in the allowed directions': crateDirections(metadata),
    'str0m and sqlx stay with their owners': ownedDependencies(metadata, files),
    'rtc and sfu-core are pure': pureSources(files),
    'clippy forbids the clock in pure crates': clockForbiddenByClippy(files),
    'unsafe code is forbidden': unsafeForbidden(files),
    'release builds check overflow': overflowChecksOn(files),
    'sources stay short': fileLengths(files),
    'imports name what they take': noGlobImports(files),
    'files are named after what they hold': noDrawers(files),
  };
}
