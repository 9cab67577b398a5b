#!/usr/bin/env bash
# usage: dev.sh DATA_DIR LISTEN
# Runs the server from a debug build and the web development server beside it, until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${1:?usage: dev.sh DATA_DIR LISTEN}
listen=${2:?usage: dev.sh DATA_DIR LISTEN}

scripts/build_web.sh
cargo build --quiet -p jumpa-server -p jumpa-recorder -p jumpa-composer
"${CARGO_TARGET_DIR:-target}/debug/jumpa" serve --listen "$listen" --data "$data" &
server=$!
(cd web/apps/dashboard && exec npm run dev) &
dashboard=$!
trap 'kill "$server" "$dashboard" 2>/dev/null; wait "$server" "$dashboard" 2>/dev/null' EXIT
cd web/apps/call
npm run dev
