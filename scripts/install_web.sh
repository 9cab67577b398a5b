#!/usr/bin/env bash
# Installs the npm packages of web/ when the lock file differs from the one installed last.
set -euo pipefail
cd "$(dirname "$0")/../web"

stamp=node_modules/.jumpa-lock
if ! cmp -s package-lock.json "$stamp"; then
    echo "web: installing npm packages"
    # Not `npm ci`: it refuses the lock file where a registry lacks programs for other platforms.
    # Without saving, `npm install` takes the locked versions just as well and writes nothing.
    npm install --no-save --no-audit --no-fund --loglevel=error
    cp package-lock.json "$stamp"
fi
