// Checks the invariants of ARCHITECTURE.md over the checkout.

import { allInvariants } from './lib/invariants.mjs';
import { cargoMetadata, report, trackedFiles } from './lib/repository.mjs';

report(allInvariants({ metadata: cargoMetadata({ noDeps: true }), files: trackedFiles() }));
