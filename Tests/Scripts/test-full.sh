#!/bin/bash
# The long proof: every test once with HANDPROBE_FULL=1, then the suites that touch the kernel HANDPROBE_REPEATS times
# (20 when not given). Ends with a row for Docs/test-record.md.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
export HANDPROBE_FULL=1
export HANDPROBE_TEST_LIMIT=${HANDPROBE_TEST_LIMIT:-3600}

repeats=${HANDPROBE_REPEATS:-20}
kernel_suites='^(KernelTests|HandprobeNetTests|HandprobeTestKitTests)\.'
case $repeats in
    '' | *[!0-9]* | 0) echo "test-full: HANDPROBE_REPEATS=$repeats is not a number of runs" >&2; exit 1 ;;
esac

# The last line of a run: "N passed, N failed, N skipped".
counts=
run() {
    local status log
    log=$(mktemp)
    Tests/Scripts/test.sh "$@" | tee "$log"
    status=${PIPESTATUS[0]}
    counts=$(tail -n 1 "$log")
    rm -f "$log"
    return "$status"
}

echo "== every test, with the long ones"
run && once=passed || once=FAILED
all_counts=$counts

good=0
last_counts='none ran'
for ((i = 1; i <= repeats; i++)); do
    echo "== kernel suites, run $i of $repeats"
    if run --filter "$kernel_suites"; then good=$((good + 1)); else cp .build/test.log ".build/test-failed-$i.log"; fi
    last_counts=$counts
done

commit=$(git rev-parse --short HEAD 2>/dev/null || echo 'no git')
if [ -n "$(git status --porcelain 2>/dev/null)" ]; then commit="$commit, changed"; fi
echo
echo "== every test: $once, $all_counts"
echo "== kernel suites: $good of $repeats runs passed; the last one: $last_counts"
if ((good < repeats)); then echo "== what failed is in .build/test-failed-*.log"; fi
echo "== the row for Docs/test-record.md:"
printf '| %s | %s | %s | %s | %s | %s of %s, the last: %s |\n' \
    "$(date -u +%F)" "Linux $(uname -r), $(nproc) CPUs, $(id -un)" \
    "$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)" \
    "$commit" "$all_counts" "$good" "$repeats" "$last_counts"
[ "$once" = passed ] && ((good == repeats))
