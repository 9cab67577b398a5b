#!/usr/bin/env bash
# usage: fuzz.sh SECONDS [TARGET]
# Fuzzes every target below crates/*/fuzz for SECONDS each, starting from the seeds that are checked in.
# Coverage comes from compiler flags that the stable toolchain has, so no other tool is needed
# beside a C++ compiler for libFuzzer itself.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:?usage: fuzz.sh SECONDS [TARGET]}
only=${2:-}
host=$(rustc -vV | sed -n 's/^host: //p')
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/jumpa/target}/fuzz"
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks -Ccodegen-units=1"

ran=0
for manifest in crates/*/fuzz/Cargo.toml; do
    [ -f "$manifest" ] || continue
    folder=$(dirname "$manifest")
    cargo build --quiet --release --target "$host" --manifest-path "$manifest"
    for source in "$folder"/fuzz_targets/*.rs; do
        target=$(basename "$source" .rs)
        [ -z "$only" ] || [ "$only" = "$target" ] || continue
        corpus="$CARGO_TARGET_DIR/corpus/$target"
        mkdir -p "$corpus" "$CARGO_TARGET_DIR/crashes"
        seeds=()
        [ -d "$folder/seeds/$target" ] && seeds=("$folder/seeds/$target")
        echo "fuzz: $target for $seconds s"
        "$CARGO_TARGET_DIR/$host/release/$target" "$corpus" "${seeds[@]}" \
            -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
            -artifact_prefix="$CARGO_TARGET_DIR/crashes/$target-" 2>&1 |
            grep -E 'ERROR|panicked|Test unit|stat::number_of_executed|stat::average' || [ "${PIPESTATUS[0]}" = 0 ]
        ran=$((ran + 1))
    done
done
[ "$ran" -gt 0 ] || { echo "fuzz: no target named '${only:-*}'" >&2 && exit 1; }
echo "fuzz: $ran targets, no crash"
