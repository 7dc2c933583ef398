#!/bin/bash
# Runs `handprobe demo` with the rights it needs: as root, in a network namespace of one's own, or with sudo.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source=Tests/Scripts/namespace.sh
. Tests/Scripts/namespace.sh
binary=${1:-.build/debug/handprobe}

if [ "$(id -u)" -eq 0 ]; then exec "$binary" demo; fi
if can_make_namespace; then
    echo "demo: not root, so this runs in a user and network namespace of its own"
    exec "${into_namespace[@]}" "$binary" demo
fi
say_why_no_namespace demo
if command -v sudo >/dev/null; then
    echo "+ sudo $binary demo"
    exec sudo "$binary" demo
fi
echo "demo: as root, run: $PWD/$binary demo" >&2
exit 4
