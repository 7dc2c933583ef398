#!/bin/bash
# Feeds the readers, the machine and the judge with what libFuzzer makes up: fuzz.sh [target ...]
#
# HANDPROBE_FUZZ_SECONDS is how long each target gets (20 when not given). An input that breaks a rule becomes a file in
# Tests/Fuzz/Failures/<target>/, to be checked in with its mend: a unit test replays those. What libFuzzer has learnt stays
# in .build/fuzz-corpus and is where the next run begins. Ends with a row for Docs/test-record.md.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

seconds=${HANDPROBE_FUZZ_SECONDS:-20}
case $seconds in
    '' | *[!0-9]* | 0) echo "fuzz: HANDPROBE_FUZZ_SECONDS=$seconds is not a number of seconds" >&2; exit 1 ;;
esac
mapfile -t known < <(sed -n 's/^    case \([a-z]*\)$/\1/p' Tests/HandprobeFuzzing/FuzzTarget.swift)
targets=("$@")
if ((${#targets[@]} == 0)); then targets=("${known[@]}"); fi
for target in "${targets[@]}"; do
    case " ${known[*]} " in
        *" $target "*) ;;
        *) echo "fuzz: there is no target '$target', only: ${known[*]}" >&2; exit 1 ;;
    esac
done

# Another folder than the other builds': everything in it is built with the sanitizers.
swift build --package-path Tests/Fuzz --scratch-path .build/fuzz -c release --sanitize address --sanitize fuzzer || exit

program=.build/fuzz/release/Fuzz
failed=()
counts=()
# Swift's own crash reporter reads memory that AddressSanitizer watches over.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0
for target in "${targets[@]}"; do
    corpus=.build/fuzz-corpus/$target
    failures=Tests/Fuzz/Failures/$target
    log=.build/fuzz-$target.log
    mkdir -p "$corpus" "$failures"
    before=$(find "$failures" -type f | wc -l)
    printf '%-14s' "$target"
    HANDPROBE_FUZZ_TARGET=$target "$program" -max_total_time="$seconds" -max_len=600 -len_control=0 -timeout=10 \
        -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$failures/" \
        "$corpus" "Tests/Fuzz/Seeds/$target" >"$log" 2>&1
    status=$?
    count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    counts+=("$target ${count:-?}")
    printf '%12s inputs in %s s\n' "${count:-?}" "$seconds"
    if ((status != 0)); then
        failed+=("$target")
        LC_ALL=C grep -a -A 60 -m 1 -E '^fuzz: |Fatal error|ERROR: ' "$log" | cut -c 1-400
        echo "fuzz: what broke it is in $failures ($before files before); the whole output in $log" >&2
    fi
    rmdir "$failures" 2>/dev/null
done

commit=$(git rev-parse --short HEAD 2>/dev/null || echo 'no git')
if [ -n "$(git status --porcelain 2>/dev/null)" ]; then commit="$commit, changed"; fi
echo "== the row for Docs/test-record.md:"
row=$(printf '%s, ' "${counts[@]}")
printf '| %s | %s | %s | %s | %s | %s | %s |\n' \
    "$(date -u +%F)" "Linux $(uname -r), $(nproc) CPUs" \
    "$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)" \
    "$commit" "$seconds" "${row%, }" "${#failed[@]}"
((${#failed[@]} == 0))
