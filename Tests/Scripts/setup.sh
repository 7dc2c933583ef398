#!/bin/bash
# Sees to it that what a job needs is on this machine: setup.sh build|test|test-full|bench|install
#
# What is there already costs no package manager call. What is missing is installed with apt, through sudo when not
# root, and every command that changes the machine is printed first. Where there is no apt, the packages are named.
# HANDPROBE_OFFLINE=1 installs nothing and only names what is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

tools=.build/tools

# probe | Debian and Ubuntu | Fedora | Arch | Alpine; "-" where there is no such package
build_needs=(
    'git          | git              | git                | git            | git'
    'pkg-config   | pkg-config       | pkgconf-pkg-config | pkgconf        | pkgconf'
    'pcap.h       | libpcap-dev      | libpcap-devel      | libpcap        | libpcap-dev'
)
test_needs=(
    'tcpdump      | tcpdump          | tcpdump            | tcpdump        | tcpdump'
    'tshark       | tshark           | wireshark-cli      | wireshark-cli  | tshark'
    'scapy        | python3-scapy    | python3-scapy      | scapy          | scapy'
    'jsonschema   | python3-jsonschema | python3-jsonschema | python-jsonschema | py3-jsonschema'
    'jq           | jq               | jq                 | jq             | jq'
    'ip           | iproute2         | iproute            | iproute2       | iproute2'
    'nft          | nftables         | nftables           | nftables       | nftables'
    'ethtool      | ethtool          | ethtool            | ethtool        | ethtool'
    'nc           | netcat-openbsd   | netcat             | openbsd-netcat | netcat-openbsd'
    'curl         | curl             | curl               | curl           | curl'
    'ncat         | ncat             | nmap-ncat          | nmap           | nmap-ncat'
    'socat        | socat            | socat              | socat          | socat'
    'nginx        | nginx            | nginx              | nginx          | nginx'
    'haproxy      | haproxy          | haproxy            | haproxy        | haproxy'
    'sshd         | openssh-server   | openssh-server     | openssh        | openssh-server'
    'ssh-keygen   | openssh-client   | openssh            | openssh        | openssh-keygen'
    'cc           | gcc              | gcc                | gcc            | gcc'
    'lwip         | liblwip-dev      | -                  | -              | -'
    'slirp4netns  | slirp4netns      | slirp4netns        | slirp4netns    | slirp4netns'
    'setcap       | libcap2-bin      | libcap             | libcap         | libcap-utils'
    'unshare      | util-linux       | util-linux         | util-linux     | util-linux'
    'ps           | procps           | procps-ng          | procps-ng      | procps-ng'
)
full_needs=(
    'chromium     | chromium         | chromium           | chromium       | chromium'
    'pdftotext    | poppler-utils    | poppler-utils      | poppler        | poppler-utils'
)
bench_needs=(
    'ip           | iproute2         | iproute            | iproute2       | iproute2'
    'ethtool      | ethtool          | ethtool            | ethtool        | ethtool'
    'tcpdump      | tcpdump          | tcpdump            | tcpdump        | tcpdump'
    'hping3       | hping3           | hping3             | hping          | hping3'
    'valgrind     | valgrind         | valgrind           | valgrind       | valgrind'
    'tshark       | tshark           | wireshark-cli      | wireshark-cli  | tshark'
    'unshare      | util-linux       | util-linux         | util-linux     | util-linux'
)
install_needs=(
    'setcap       | libcap2-bin      | libcap             | libcap         | libcap-utils'
)

say() { printf 'setup: %s\n' "$*"; }
stop() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

has() { command -v "$1" >/dev/null; }

# Is what the first column of a row names there?
present() {
    case $1 in
        pcap.h) has pkg-config && pkg-config --exists libpcap ;;
        scapy | jsonschema)
            /usr/bin/python3 -c "import importlib.util as u, sys; sys.exit(u.find_spec('$1') is None)" 2>/dev/null
            ;;
        # The test takes a browser by any of these names.
        chromium) has chromium || has chromium-browser || has google-chrome ;;
        # Debian's other nc has other options.
        nc) if has dpkg; then has nc.openbsd; else has nc; fi ;;
        lwip) [ -r /usr/include/lwip/lwip/init.h ] ;;
        nginx | haproxy | sshd) has "$1" || [ -x "$tools/usr/sbin/$1" ] ;;
        *) has "$1" ;;
    esac
}

require_swift() {
    local where="get it from https://www.swift.org/install/linux and put its usr/bin folder on the PATH"
    has swift || stop "handprobe is built with Swift 6.2 or newer, and there is no 'swift' on the PATH: $where."
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    [ -n "$version" ] || stop "'swift --version' on this machine does not say a version: is the toolchain whole?"
    if ((${version%.*} < 6 || (${version%.*} == 6 && ${version#*.} < 2))); then
        stop "handprobe is built with Swift 6.2 or newer, and this is Swift $version ($(command -v swift)): $where."
    fi
}

# Runs a command as root and prints it first.
as_root() {
    local command=("$@")
    if [ "$(id -u)" -ne 0 ]; then
        has sudo || stop "this needs root and there is no sudo. As root, run: $*"
        # Without a terminal nobody could type a password.
        if [ -t 0 ]; then command=(sudo "$@"); else command=(sudo -n "$@"); fi
    fi
    printf '+ %s\n' "${command[*]}"
    "${command[@]}"
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q "$@"
}

refresh_lists() { apt update; }

apt_install() {
    compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null || refresh_lists
    # Lists that are too old name files that are gone: one more try with new ones.
    apt install -y --no-install-recommends "$@" || { refresh_lists && apt install -y --no-install-recommends "$@"; }
}

# Some servers as packages would be enabled as services of this machine and listen on its ports. The tests only want the
# program: unpack PROGRAM PACKAGE... takes it out of the first package that has it, into the build folder, and installs
# nothing but the libraries that it misses.
unpack() {
    local program=$tools/usr/sbin/$1 package libraries=
    shift
    compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null || refresh_lists
    mkdir -p "$tools"
    for package in "$@"; do
        printf '+ apt-get download %s  (unpacked into %s; not installed, no service)\n' "$package" "$tools"
        (cd "$tools" && apt-get -q -o APT::Sandbox::User=root download "$package") || continue
        dpkg-deb -x "$tools/$package"_*.deb "$tools"
        libraries=$(dpkg-deb -f "$tools/$package"_*.deb Depends | tr ',' '\n' | sed -n 's/^ *\(lib[^ |]*\).*/\1/p')
        rm -f "$tools/$package"_*.deb
        [ -x "$program" ] && break
    done
    [ -x "$program" ] || stop "apt has no package with the program ${program##*/}"
    if ldd "$program" | grep -q 'not found'; then
        local library absent=()
        for library in $libraries; do dpkg -s "$library" >/dev/null 2>&1 || absent+=("$library"); done
        apt_install "${absent[@]}"
    fi
}

# Whether the tests want no more of a package than its program.
is_unpacked() {
    case $1 in
        nginx | haproxy | sshd) ;;
        *) false ;;
    esac
}

name_packages() {
    local column=$1 advice=$2 row name names=()
    for row in "${missing[@]}"; do
        name=$(cut -d '|' -f "$column" <<<"$row" | tr -d ' ')
        if [ "$name" != - ]; then names+=("$name"); continue; fi
        name=${row%%|*}
        without+=("${name// /}")
        say "there is no package of ${name// /} for this system: what needs it is skipped, and counted"
    done
    if ((${#names[@]} == 0)); then return; fi
    stop "missing on this machine for '$job'. $advice ${names[*]}"
}

# What this system has no package of.
without=()

install_missing() {
    if [ "${HANDPROBE_OFFLINE:-0}" = 1 ]; then name_packages 2 'To install: apt-get install'; fi
    if has apt-get; then
        local packages=() unpacked=() row program package
        for row in "${missing[@]}"; do
            program=$(cut -d '|' -f 1 <<<"$row" | tr -d ' ')
            package=$(cut -d '|' -f 2 <<<"$row" | tr -d ' ')
            if is_unpacked "$program"; then unpacked+=("$program $package"); else packages+=("$package"); fi
        done
        if ((${#packages[@]} > 0)); then
            say "missing for '$job': ${packages[*]}"
            apt_install "${packages[@]}" || stop "apt could not install: ${packages[*]}"
        fi
        for row in "${unpacked[@]}"; do
            # Older releases have the program nginx in nginx-light.
            # shellcheck disable=SC2086 # the program and the package
            if [ "$row" = 'nginx nginx' ]; then unpack nginx nginx nginx-light; else unpack $row; fi
        done
    elif has dnf; then
        name_packages 3 'As root: dnf install'
    elif has pacman; then
        name_packages 4 'As root: pacman -S'
    elif has apk; then
        name_packages 5 'As root: apk add'
    else
        name_packages 2 "Debian calls the packages:"
    fi
}

job=${1:-build}
case $job in
    build) needs=("${build_needs[@]}") ;;
    test) needs=("${build_needs[@]}" "${test_needs[@]}") ;;
    test-full) needs=("${build_needs[@]}" "${test_needs[@]}" "${full_needs[@]}") ;;
    bench) needs=("${build_needs[@]}" "${bench_needs[@]}") ;;
    install) needs=("${install_needs[@]}") ;;
    *) stop "usage: setup.sh build|test|test-full|bench|install" ;;
esac

if [ "$job" != install ]; then require_swift; fi
missing=()
for row in "${needs[@]}"; do
    probe=${row%%|*}
    present "${probe// /}" || missing+=("$row")
done
if ((${#missing[@]} > 0)); then
    install_missing
    for row in "${missing[@]}"; do
        probe=${row%%|*}
        [[ " ${without[*]} " == *" ${probe// /} "* ]] || present "${probe// /}" || stop "'${probe// /}' is still missing after its package was installed"
    done
fi
