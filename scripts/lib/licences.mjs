// The licence policy of deny.toml over Rust and npm packages.

/** The strings of the array `key` of a TOML text. */
export function tomlStrings(text, key) {
  const list = new RegExp(`^${key}\\s*=\\s*\\[([^\\]]*)\\]`, 'm').exec(text)?.[1] ?? '';
  return [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1]);
}

/**
 * Whether an SPDX expression can be fulfilled with the allowed licences: one side of an OR, both of an AND.
 * The old Cargo form `MIT/Apache-2.0` means OR.
 */
export function isAllowed(expression, allowed) {
  const tokens = expression
    .replaceAll('/', ' OR ')
    .replace(/([()])/g, ' $1 ')
    .trim()
    .split(/\s+/);
  let at = 0;

  function term() {
    if (tokens[at] === '(') {
      at += 1;
      const inner = either();
      at += 1;
      return inner;
    }
    let name = tokens[at] ?? '';
    at += 1;
    if (tokens[at] === 'WITH') {
      name = `${name} WITH ${tokens[at + 1]}`;
      at += 2;
    }
    return allowed.includes(name);
  }
  function both() {
    let result = term();
    while (tokens[at] === 'AND') {
      at += 1;
      result = term() && result;
    }
    return result;
  }
  function either() {
    let result = both();
    while (tokens[at] === 'OR') {
      at += 1;
      result = both() || result;
    }
    return result;
  }

  return either() && at >= tokens.length;
}

/** Rust packages (`cargo metadata`) whose licence the policy does not allow. */
export function cargoLicenceProblems(metadata, allowed) {
  return metadata.packages
    .filter(({ license }) => !license || !isAllowed(license, allowed))
    .map(({ name, version, license }) => `${name} ${version}: ${license ?? 'no licence given'}`);
}

/** Rust packages that deny.toml bans by name. */
export function cargoBanProblems(metadata, banned) {
  return metadata.packages
    .filter(({ name }) => banned.includes(name))
    .map(({ name, version }) => `${name} ${version}: banned by deny.toml`);
}

/** Packages that come from anywhere but the public registry or this checkout. */
export function cargoSourceProblems(metadata) {
  return metadata.packages
    .filter(({ source }) => source !== null && !source.startsWith('registry+'))
    .map(({ name, version, source }) => `${name} ${version}: comes from ${source}`);
}

/** npm packages (package-lock.json, version 3) whose licence the policy does not allow. */
export function npmLicenceProblems(lock, allowed) {
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.link)
    .filter(([, { license }]) => !license || !isAllowed(license, allowed))
    .map(([path, { version, license }]) => `${path} ${version}: ${license ?? 'no licence given'}`);
}

/** Lock file entries that name a download address: they would tie a build to one registry. */
export function npmAddressProblems(lock) {
  return Object.entries(lock.packages)
    .filter(([, { resolved, link }]) => resolved && !link)
    .map(([path, { resolved }]) => `${path}: resolved to ${resolved}`);
}
