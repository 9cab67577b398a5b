#!/usr/bin/env bash
# Writes every generated file again: TypeScript types, JSON Schema, golden messages, OpenAPI.
# The tests that compare these files with the Rust types write them when JUMPA_CODEGEN is set.
set -euo pipefail
cd "$(dirname "$0")/.."
JUMPA_CODEGEN=1 cargo test --quiet --workspace --test '*' >/dev/null
(cd web && npm run --if-present --workspaces codegen)
git status --short -- crates web docs
