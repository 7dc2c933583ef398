#!/bin/bash
# Holds the manual page to the program: every option in a command's help is in the page, and the other way round.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
binary=${1:-.build/debug/handprobe}
page=Docs/handprobe.1
problems=0

complain() {
    echo "manual: $*" >&2
    problems=$((problems + 1))
}

# The options that a help text lists, one a line with their dashes.
options() { sed -nE 's/^  (-.*)$/\1/p' | sed -E 's/  .*//' | grep -oE '(^|[ ,/])--?[A-Za-z0-9][A-Za-z0-9-]*' | tr -d ' ,/' | sort -u; }

known=$'--help\n--version\n-h'
commands=$("$binary" --help | sed -n '/^SUBCOMMANDS:/,/^$/s/^  \([a-z]*\) .*/\1/p')
if [ -z "$commands" ]; then complain "'$binary --help' lists no commands"; fi
for command in $commands; do
    grep -qx ".It Cm $command" "$page" || complain "the command $command is not in $page"
    known+=$'\n'$("$binary" "$command" --help | options)
done

described=$(grep -oE '\bFl [-A-Za-z0-9]+' "$page" | sed 's/^Fl /-/' | sort -u)
while read -r option; do
    case $option in --help | --version | -h) continue ;; esac
    grep -qxe "$option" <<<"$described" || complain "$option is not in $page"
done < <(sort -u <<<"$known")
while read -r option; do
    grep -qxe "$option" <<<"$known" || complain "$page describes $option, which no command has"
done <<<"$described"

((problems == 0))
