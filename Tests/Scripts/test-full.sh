#!/bin/bash
# The long proof: every test once with HANDPROBE_FULL=1, then the suites that touch the kernel HANDPROBE_REPEATS times
# (20 when not given), HANDPROBE_LANES of these runs at a time (1 when not given), each lane in a network namespace of its
# own. Ends with a row for Docs/test-record.md. With HANDPROBE_ONCE=no the first part is left out, and the row says so.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
export HANDPROBE_TEST_LIMIT=${HANDPROBE_TEST_LIMIT:-3600}

repeats=${HANDPROBE_REPEATS:-20}
lanes=${HANDPROBE_LANES:-1}
kernel_suites='^(KernelTests|HandprobeNetTests|HandprobeTestKitTests)\.'
for number in "$repeats" "$lanes"; do
    case $number in
        '' | *[!0-9]* | 0) echo "test-full: '$number' is not a number of runs or of lanes" >&2; exit 1 ;;
    esac
done

records=$(mktemp -d)
trap 'rm -rf "$records"' EXIT

# Runs tests; what they print is kept under the first argument. As root in a network of their own: the others' has guests.
run() {
    local own=()
    if [ "$(id -u)" -eq 0 ]; then own=(unshare --net sh -c 'ip link set lo up && exec "$@"' sh); fi
    HANDPROBE_TEST_LOG=.build/test-full-$1.log "${own[@]}" Tests/Scripts/test.sh "${@:2}" >"$records/$1" 2>&1
}

# The last line of a run: "N passed, N failed, N skipped".
counts() { tail -n 1 "$records/$1"; }

# Every run that passed leaves a mark.
lane() {
    local i
    for ((i = $1; i <= repeats; i += lanes)); do
        if run "$i" --filter "$kernel_suites"; then touch "$records/$i.passed"; fi
        echo "== kernel suites, run $i of $repeats: $(counts "$i")"
    done
}

if [ "${HANDPROBE_ONCE:-yes}" = no ]; then
    once='not run' all_counts='not run'
else
    echo "== every test, with the long ones"
    HANDPROBE_FULL=1 run all && once=passed || once=FAILED
    cat "$records/all"
    all_counts=$(counts all)
fi

for ((number = 1; number <= lanes; number++)); do lane "$number" & done
wait
good=$(find "$records" -name '*.passed' | wc -l)

commit=$(git rev-parse --short HEAD 2>/dev/null || echo 'no git')
if [ -n "$(git status --porcelain 2>/dev/null)" ]; then commit="$commit, changed"; fi
echo
echo "== every test: $once, $all_counts"
echo "== kernel suites: $good of $repeats runs passed, $lanes at a time; the last one: $(counts "$repeats")"
if ((good < repeats)); then
    for ((i = 1; i <= repeats; i++)); do [ -e "$records/$i.passed" ] || echo "== failed: .build/test-full-$i.log"; done
fi
echo "== the row for Docs/test-record.md:"
printf '| %s | %s | %s | %s | %s | %s of %s, the last: %s |\n' \
    "$(date -u +%F)" "Linux $(uname -r), $(nproc) CPUs, $(id -un)" \
    "$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)" \
    "$commit" "$all_counts" "$good" "$repeats" "$(counts "$repeats")"
[ "$once" != FAILED ] && ((good == repeats))
