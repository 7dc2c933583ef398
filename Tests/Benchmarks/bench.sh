#!/bin/bash
# Measures a release build of handprobe against named references, all in this one run: bench.sh BINARY
#
# Everything happens in namespaces that end with this script, however it ends. Commands that are compared run in turn.
# A target that is missed is said, and is no failure: times depend on the machine.
# HANDPROBE_BENCH_ROUNDS is how often each command runs (100 when not given), HANDPROBE_BENCH_READ_MIB the size of the
# capture file that is read (1024, about a million connections, for which tshark needs 6 GiB of memory).
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

binary=${1:-.build/release/handprobe}
rounds=${HANDPROBE_BENCH_ROUNDS:-100}
tools=.build/bench
port=7000

# The script starts itself again inside namespaces: network, processes and mounts. When the first process in there
# ends, the kernel ends the others and with them the interfaces.
if [ "${HANDPROBE_BENCH_INSIDE:-0}" != 1 ]; then
    if [ ! -x "$binary" ]; then
        echo "bench: there is no $binary: run 'make release' first" >&2
        exit 1
    fi
    compiler=$(command -v cc || command -v clang) || { echo "bench: there is no C compiler" >&2; exit 1; }
    mkdir -p "$tools"
    for program in interleave pcap-floor listener delay-link many-connections measure; do
        library=()
        if [ "$program" = pcap-floor ]; then library=(-lpcap); fi
        "$compiler" -std=gnu11 -O2 -Wall -o "$tools/$program" "Tests/Benchmarks/$program.c" "${library[@]}" || exit
    done
    own=(unshare --net --mount --pid --fork --kill-child --mount-proc)
    if [ "$(id -u)" -ne 0 ]; then own+=(--user --map-current-user --keep-caps); fi
    HANDPROBE_BENCH_INSIDE=1 exec "${own[@]}" -- "$0" "$@"
fi

# The process that holds the namespace named by the first argument, started in the background.
declare -A holder=()
make_namespace() {
    unshare --net sleep infinity &
    holder[$1]=$!
    until [ "$(readlink "/proc/${holder[$1]}/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do :; done
    inside "$1" ip link set lo up
}
inside() { nsenter --net="/proc/${holder[$1]}/ns/net" "${@:2}"; }

# A pair of interfaces without offloads, so that what a program sees of a frame is what a wire would carry.
plain() { "$@" tx off rx off sg off tso off gso off gro off >/dev/null 2>&1; }

make_links() {
    ip link set lo up
    make_namespace peer
    make_namespace relay
    ip link add near type veth peer name near netns "${holder[peer]}"
    ip link add far type veth peer name us netns "${holder[relay]}"
    inside relay ip link add peer type veth peer name far netns "${holder[peer]}"
    plain ethtool -K far
    plain inside peer ethtool -K far
    ip addr add 10.79.0.1/24 dev near
    ip addr add 10.79.1.1/24 dev far
    inside peer ip addr add 10.79.0.2/24 dev near
    inside peer ip addr add 10.79.1.2/24 dev far
    ip link set near up && ip link set far up
    inside peer sh -c 'ip link set near up && ip link set far up'
    inside relay sh -c 'ip link set us up && ip link set peer up'
}

# Starts a program and waits for the word that it prints when it is ready, the first argument.
start() {
    local from line=
    exec {from}< <("${@:2}" 2>&1)
    read -r -t 10 line <&"$from"
    if [ "$line" != "$1" ]; then
        echo "bench: did not start: ${*:2}: $line" >&2
        exit 1
    fi
}

row() { printf '%-46s  %-15s  %-30s  %7s  %-8s  %s\n' "$@"; }

# The row of a ratio: what, ours and reference in microseconds, name of the reference, relation and bound of the target,
# both - where there is none.
ratio_row() {
    awk -v what="$1" -v ours="$2" -v other="$3" -v name="$4" -v relation="$5" -v bound="$6" 'BEGIN {
        ratio = other > 0 ? ours / other : 0
        met = relation == "<" ? ratio < bound : ratio <= bound
        if (other <= 0) met = 0
        printf "%s\n%.2f ms\n%.2f ms %s\n%.2f\n", what, ours / 1000, other / 1000, name, ratio
        if (relation == "-") printf "-\n-\n"
        else printf "%s %s\n%s\n", relation, bound, met ? "met" : "NOT MET"
    }' | {
        mapfile -t cells
        row "${cells[@]}"
    }
}

# Warns when runs of a command failed: their times mean nothing.
note_failures() {
    if [ "$2" != 0 ]; then echo "bench: $2 of $rounds runs of $1 failed" >&2; fi
}

bench_process_times() {
    local ours floor hping
    start listening inside peer "$tools/listener" "$port"
    {
        read -r -a ours
        read -r -a floor
        read -r -a hping
    } < <("$tools/interleave" "$rounds" \
        : "$binary" open --end rst "10.79.0.2:$port" \
        : "$tools/pcap-floor" near "host 10.79.0.2 or icmp" \
        : hping3 -q -n -S -c 1 -p "$port" 10.79.0.2)
    note_failures "handprobe open --end rst" "${ours[2]}"
    note_failures pcap-floor "${floor[2]}"
    note_failures hping3 "${hping[2]}"
    ratio_row "open --end rst, whole process, median" "${ours[0]}" "${hping[0]}" "hping3 -S -c 1" "<" 1.0
    ratio_row "open --end rst, whole process, median" "${ours[0]}" "${floor[0]}" "libpcap floor" "<=" 1.2
    # A child of handprobe waits for the capture's end; the others have none, so for them both times are the same.
    ratio_row "  until its child has ended as well, median" "${ours[1]}" "${hping[1]}" "hping3 -S -c 1" - -
    ratio_row "  until its child has ended as well, median" "${ours[1]}" "${floor[1]}" "libpcap floor" - -
}

# Round trips that handprobe reports against the stamps of the same frames in tcpdump's capture.
bench_round_trips() {
    local count=20 capture=$tools/delayed.pcap dump error difference
    start carrying inside relay "$tools/delay-link" us peer 10
    # Neighbours are asked for before the clock runs.
    "$binary" open --end rst "10.79.1.2:$port" >/dev/null 2>&1
    exec {error}< <(exec tcpdump -Z root -i far --time-stamp-precision=nano --immediate-mode -U -w "$capture" tcp 2>&1)
    dump=$!
    while read -r -t 10 line <&"$error" && [[ $line != *'listening on'* ]]; do :; done
    "$binary" open --end rst -c "$count" -i 10ms "10.79.1.2:$port" >"$tools/delayed.txt" 2>&1
    # Every SYN-ACK is in the file before tcpdump is ended.
    for _ in {1..100}; do
        if [ "$(tcpdump -r "$capture" -nn 2>/dev/null | grep -cF 'Flags [S.]')" -ge "$count" ]; then break; fi
    done
    kill -INT "$dump" && wait "$dump" 2>/dev/null

    sed -n 's/.*rtt=\([0-9.]*\) ms.*/\1/p' "$tools/delayed.txt" >"$tools/reported.txt"
    # Seconds are too many for a double in nanoseconds: only those of the day are kept.
    tcpdump -r "$capture" -nn -tt --time-stamp-precision=nano 2>/dev/null | awk '
        { split($1, t, "."); time = (t[1] % 86400) * 1000 + t[2] / 1000000 }
        /Flags \[S\]/ && !($3 in made) { made[$3] = time; order[++n] = $3 }
        /Flags \[S\.\]/ { to = $5; sub(/:$/, "", to); if (!(to in rtt)) rtt[to] = time - made[to] }
        END { for (i = 1; i <= n; i++) printf "%.6f\n", rtt[order[i]] }
    ' >"$tools/stamped.txt"

    if [ "$(wc -l <"$tools/reported.txt")" -ne "$count" ] || [ "$(wc -l <"$tools/stamped.txt")" -ne "$count" ]; then
        row "RTT over a link delayed by 10 ms" "not measured" "tcpdump's stamps" - "50 us" "NOT MET"
        echo "bench: $(wc -l <"$tools/reported.txt") round trips reported and $(wc -l <"$tools/stamped.txt") captured, not $count" >&2
        return
    fi
    difference=$(paste "$tools/reported.txt" "$tools/stamped.txt" |
        awk '{ d = ($1 - $2) * 1000; if (d < 0) d = -d; if (d > most) most = d } END { printf "%.1f", most }')
    row "RTT over a link delayed by 10 ms, median of $count" "$(median "$tools/reported.txt") ms" \
        "$(median "$tools/stamped.txt") ms tcpdump's stamps" \
        "$(paste <(median "$tools/reported.txt") <(median "$tools/stamped.txt") | awk '{ printf "%.4f", $1 / $2 }')" - -
    row "  largest difference of the $count" "$difference us" "the same frames" - "<= 50 us" \
        "$(awk -v d="$difference" 'BEGIN { print d <= 50 ? "met" : "NOT MET" }')"
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { printf "%.3f", (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

bench_instructions() {
    local count
    # Without its debug information, which valgrind may not be able to read.
    strip -o "$tools/stripped" "$binary" 2>/dev/null || cp "$binary" "$tools/stripped"
    count=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$tools/stripped" --version 2>&1 |
        sed -n 's/.*Collected : *\([0-9]*\).*/\1/p')
    if [ -z "$count" ]; then
        row "instructions of --version" "not measured" callgrind - "< 20 M" "NOT MET"
        return
    fi
    awk -v n="$count" 'BEGIN {
        printf "instructions of --version\n%.1f M\n20 M (the target)\n%.2f\n< 20 M\n%s\n", n / 1e6, n / 2e7,
            n < 2e7 ? "met" : "NOT MET"
    }' | {
        mapfile -t cells
        row "${cells[@]}"
    }
}

# Reading a file of many connections, beside a program that lists them without judging.
bench_reading() {
    local mib=${HANDPROBE_BENCH_READ_MIB:-1024} capture=$tools/connections.pcap connections ours theirs read
    # A connection of that file is 982 octets on average.
    connections=$((mib * 1048576 / 982))
    "$tools/many-connections" "$capture" "$connections" || return
    # Once without counting, so that both find it in memory.
    read=$("$binary" read -q "$capture" 2>&1)
    read -r -a ours < <("$tools/measure" "$binary" read "$capture")
    read -r -a theirs < <("$tools/measure" tshark -q -z conv,tcp -r "$capture")
    if [[ $read != "$connections connections in "* ]] || [ "${ours[3]}" != 1 ] || [ "${theirs[3]}" != 0 ]; then
        row "read of $connections connections" "not measured" "tshark -q -z conv,tcp" - "<= 0.20" "NOT MET"
        echo "bench: read says: $read (exit codes ${ours[3]} and ${theirs[3]})" >&2
        return
    fi
    ratio_row "read of $connections connections, $mib MiB" "${ours[0]}" "${theirs[0]}" "tshark -q -z conv,tcp" "<=" 0.2
    ratio_row "  processor time" "${ours[1]}" "${theirs[1]}" "tshark -q -z conv,tcp" - -
    row "  peak memory" "$((ours[2] / 1024)) MiB" "$((theirs[2] / 1024)) MiB tshark" \
        "$(awk -v a="${ours[2]}" -v b="${theirs[2]}" 'BEGIN { printf "%.2f", a / b }')" - -
    rm -f "$capture"
}

make_links
echo "bench: $("$binary" --version 2>/dev/null), Linux $(uname -r), $(nproc) CPUs, $rounds rounds"
row what figure reference ratio target met
bench_process_times
bench_round_trips
bench_reading
bench_instructions
