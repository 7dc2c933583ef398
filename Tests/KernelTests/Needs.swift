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

    /// That a program of the machine is there.
    static func program(_ name: String) -> ConditionTrait {
        .enabled(if: TestEnvironment.has(name), "needs \(name): `make setup` installs it")
    }
}

/// Both families, as arguments.
let bothFamilies = [IPAddress.Family.v4, .v6]
