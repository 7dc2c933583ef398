import Glibc
import HandprobeTestKit
import HandprobeWire
import Testing

/// What the scenarios need of the machine; each says loudly what was not run.
enum Needs {
    static let namespaces = ConditionTrait.enabled(
        if: TestEnvironment.canUseNamespaces,
        "needs network namespaces and CAP_NET_RAW: run as root, or with sudo"
    )

    /// A run that has minutes: a long timer is waited for.
    static let patience = ConditionTrait.enabled(
        if: unsafe getenv("HANDPROBE_FULL") != nil, "waits for a timer of a minute: `make test-full` does")

    /// Another user to run as: where only one is known, in a user namespace, nobody else can be.
    static let anotherUser = ConditionTrait.enabled(
        if: (try? Subprocess.check("setpriv", ["--reuid", "65534", "--clear-groups", "true"])) != nil,
        "needs to become another user: run as root, or with sudo")

    /// A namespace of processes with a /proc of its own, as a container has one.
    static let processNamespaces = ConditionTrait.enabled(
        if: (try? Subprocess.check("unshare", ["--pid", "--fork", "--mount-proc", "true"])) != nil,
        "needs process namespaces with a /proc of their own: run outside a container, as root or with sudo")

    /// lwIP as a library of the machine, and what it takes to build the server that uses it.
    static let lwip = ConditionTrait.enabled(
        if: LwipServer.canBeBuilt,
        "needs cc and liblwip-dev: `make setup` installs them")

    /// libslirp, whose program makes a TAP device.
    static let slirp = ConditionTrait.enabled(
        if: TestEnvironment.has("slirp4netns") && TestEnvironment.canOpenTun,
        "needs slirp4netns, which `make setup` installs, and /dev/net/tun: run as root, or with sudo")

    /// A witness of another's making.
    static let outsideObserver = ConditionTrait.enabled(
        if: OutsideObserver.isInstalled && TestEnvironment.has("jq"),
        "needs tcpdump, tshark and jq: `make setup` installs them")

    /// Packets of another's making.
    static let scapy = ConditionTrait.enabled(
        if: (try? Subprocess.check("/usr/bin/python3", ["-c", "import scapy.all"])) != nil,
        "needs scapy: `make setup` installs it")

    /// That a program of the machine is there.
    static func program(_ name: String) -> ConditionTrait {
        .enabled(if: TestEnvironment.has(name), "needs \(name): `make setup` installs it")
    }
}

/// Both families, as arguments.
let bothFamilies = [IPAddress.Family.v4, .v6]
