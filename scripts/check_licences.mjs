// Checks licences, banned packages and sources of all dependencies against deny.toml.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cargoBanProblems,
  cargoLicenceProblems,
  cargoSourceProblems,
  npmAddressProblems,
  npmLicenceProblems,
  tomlStrings,
} from './lib/licences.mjs';
import { cargoMetadata, ROOT, report } from './lib/repository.mjs';

const policy = readFileSync(join(ROOT, 'deny.toml'), 'utf8');
const allowed = tomlStrings(policy, 'allow');
const banned = [...policy.matchAll(/\{ name = "([^"]+)"/g)].map((match) => match[1]);
const metadata = cargoMetadata({ noDeps: false });
const lock = JSON.parse(readFileSync(join(ROOT, 'web/package-lock.json'), 'utf8'));

report({
  'licences of Rust packages': cargoLicenceProblems(metadata, allowed),
  'banned Rust packages': cargoBanProblems(metadata, banned),
  'sources of Rust packages': cargoSourceProblems(metadata),
  'licences of npm packages': npmLicenceProblems(lock, allowed),
  'addresses in the npm lock file': npmAddressProblems(lock),
});
