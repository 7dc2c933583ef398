#!/bin/bash
# What can be judged without building: layout and style of the code, who imports what, what lies where.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
problems=0

complain() {
    printf 'check: %s\n' "$*" >&2
    problems=$((problems + 1))
}

# The Swift files of the folders given, one a line; build folders of packages under Tests left out.
swift_files() { find "$@" -name '*.swift' -not -path '*/.build/*' | sort; }

check_style() {
    local files
    mapfile -t files < <(swift_files Sources Tests)
    swift format lint --strict --parallel Package.swift "${files[@]}" ||
        complain "the style is not kept: 'make format' mends the layout"
}

# The module that a line of code imports, with file and line: "FILE:LINE:MODULE".
imports_of() {
    grep -rnoE --include='*.swift' \
        '^ *(@[A-Za-z_]+(\([A-Za-z_]+\))? +)*((public|package|internal|fileprivate|private) +)?import +((struct|class|enum|protocol|func|var|let|typealias) +)?[A-Za-z_]+' "$@" |
        grep -v '/\.build/' | sed -E 's/^([^:]*:[0-9]*:).*[ ]([A-Za-z_]+)$/\1\2/'
}

# The table of modules: what each may import, besides what Swift itself brings.
declare -A may_import=(
    [HandprobeWire]=''
    [HandprobeTCP]='HandprobeWire'
    [HandprobeJudge]='HandprobeWire HandprobeTCP'
    [HandprobeEngine]='HandprobeWire HandprobeTCP HandprobeJudge'
    [HandprobeReport]='HandprobeWire HandprobeTCP HandprobeJudge CProcessor'
    [HandprobeNet]='HandprobeWire HandprobeTCP CPcap CLinuxNet Glibc'
    [handprobe]='HandprobeWire HandprobeTCP HandprobeJudge HandprobeEngine HandprobeReport HandprobeNet ArgumentParser FoundationEssentials'
)

check_imports() {
    local folder module file line name
    for folder in Sources/*/; do
        module=$(basename "$folder")
        case $module in CPcap | CLinuxNet | CProcessor) continue ;; esac
        if [ -z "${may_import[$module]+known}" ]; then
            complain "$folder is not in the table of modules"
            continue
        fi
        while IFS=: read -r file line name; do
            case " ${may_import[$module]} Swift Synchronization " in
                *" $name "*) ;;
                *) complain "$file:$line: $module may not import $name" ;;
            esac
        done < <(imports_of "$folder")
    done
    # Tests are Swift Testing and free of full Foundation too.
    while IFS=: read -r file line name; do
        case $name in
            Foundation | FoundationNetworking | XCTest | Dispatch) complain "$file:$line: tests do without $name" ;;
        esac
    done < <(imports_of Tests)
}

check_length() {
    local lines file
    while read -r file; do
        lines=$(wc -l <"$file")
        if ((lines > 450)); then complain "$file has $lines lines: above 450 it wants splitting"; fi
    done < <(swift_files Sources)
}

check_words() {
    local found
    found=$(grep -rnE --include='*.swift' --include='*.[ch]' --exclude-dir=.build \
        '\b(TODO|FIXME|XXX)\b|\bfatalError\(' Sources Tests Package.swift)
    if [ -n "$found" ]; then complain "unfinished or fatal:"$'\n'"$found"; fi
}

check_top_level() {
    local expected found
    expected='CHANGELOG.md Docs LICENSE Makefile Package.swift README.md Sources Tests'
    if [ -e .git ]; then
        found=$(git ls-files --cached --others --exclude-standard | cut -d / -f 1 | LC_ALL=C sort -u)
    else
        found=$(ls -A)
    fi
    found=$(grep -v '^\.' <<<"$found" | grep -vx 'Package.resolved' | LC_ALL=C sort | xargs)
    if [ "$found" != "$expected" ]; then
        complain "the top level is not what the design draws:"$'\n'"  is:        $found"$'\n'"  should be: $expected"
    fi
}

check_scripts() {
    local script
    for script in .ci/run Tests/Scripts/*.sh Tests/Benchmarks/*.sh; do
        bash -n "$script" || complain "$script cannot be read by bash"
    done
    if command -v shellcheck >/dev/null; then
        shellcheck --external-sources .ci/run Tests/Scripts/*.sh Tests/Benchmarks/*.sh || complain "shellcheck has found something"
    fi
}

check_style
check_imports
check_length
check_words
check_top_level
check_scripts
if ((problems > 0)); then
    printf 'check: %s found\n' "$problems" >&2
    exit 1
fi
echo 'check: style, imports, layout and scripts are as they should be'
