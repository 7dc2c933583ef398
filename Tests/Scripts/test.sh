#!/bin/bash
# Runs the tests that were built: test.sh [arguments of swift test that choose tests]
#
# As root they run as they are. Otherwise they run inside an unprivileged user and network namespace, where the kernel
# tests have the rights they need; where the system does not allow that, it is said what could not be tested.
# HANDPROBE_TEST_LIMIT is how long they may take, in seconds. The whole output is kept in HANDPROBE_TEST_LOG, and beside it
# the capture files that the program wrote in the kernel tests: tshark reads them all at once in the end.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
export PATH=$PATH:$PWD/.build/tools/usr/sbin:/usr/local/sbin:/usr/sbin:/sbin
# shellcheck source=Tests/Scripts/namespace.sh
. Tests/Scripts/namespace.sh

limit=${HANDPROBE_TEST_LIMIT:-660}
log=${HANDPROBE_TEST_LOG:-.build/test.log}
tests=$PWD/.build/debug/handprobePackageTests.xctest
enter=()
without_kernel=0
if [ "$(id -u)" -ne 0 ]; then
    if can_make_namespace; then
        enter=("${into_namespace[@]}")
        echo "test: not root, so the tests run in a user and network namespace of their own"
    else
        without_kernel=1
        say_why_no_namespace test
    fi
fi

# Swift Testing writes each line when it happens. The beginnings are left out of what is shown, not of the log. Not through
# `swift test`: that passes on what it reads in pieces, and leaves out a piece that ends within a character, as that of a
# passed test.
run_tests() {
    NO_COLOR=1 "${enter[@]}" timeout --foreground --signal=INT --kill-after=20 "$limit" \
        "$tests" --testing-library swift-testing "$@" </dev/null 2>&1 |
        tee -a "$log" |
        LC_ALL=C grep --line-buffered -vE '^◇ |^(✔|━) Test case passing '
    return "${PIPESTATUS[0]}"
}

captures=${log%.log}.captures
rm -rf "$captures" "$log"
mkdir -p "$captures"
HANDPROBE_CAPTURES=$captures run_tests --skip '^KernelTests\.CaptureTests' "$@"
status=$?
if ((status == 0)) && compgen -G "$captures/*" >/dev/null; then
    HANDPROBE_JUDGE_CAPTURES=$captures run_tests --filter '^KernelTests\.CaptureTests'
    status=$?
fi

echo
LC_ALL=C awk -f Tests/Scripts/summary.awk "$log"
summary=$?
if ((status == 124 || status == 137)); then
    echo "test: ended after $limit s; HANDPROBE_TEST_LIMIT sets another limit" >&2
fi
if ((without_kernel)); then
    echo "test: THE KERNEL TESTS COULD NOT RUN. As root they do: sudo env PATH=\"\$PATH\" make test" >&2
fi
if ((status != 0)); then exit "$status"; fi
exit "$summary"
