#!/usr/bin/env bash
# usage: build.sh release|debug
# Builds the web pages, the program `jumpa`, which carries them, `jumpa-recorder` and
# `jumpa-composer`.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/build_web.sh
# Cargo shows its progress where somebody watches; elsewhere its lines would only fill a log.
quiet=--quiet
[ -t 2 ] && quiet=
echo "server: building (the first time takes some minutes)"
case ${1:?usage: build.sh release|debug} in
release) cargo build $quiet --release -p jumpa-server -p jumpa-recorder -p jumpa-composer ;;
debug) cargo build $quiet --workspace --bins --tests ;;
*) echo "build.sh: unknown profile $1" >&2 && exit 2 ;;
esac
