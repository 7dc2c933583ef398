import HandprobeNet
import HandprobeTestKit
import HandprobeWire
import Testing

/// What tests of the kernel need of the machine; each says loudly what was not run.
enum Needs {
    static let rawSockets = ConditionTrait.enabled(
        if: Privileges.effective.contains(.netRaw), "needs CAP_NET_RAW: run as root, or with sudo")
    static let filter = ConditionTrait.enabled(
        if: Privileges.effective.contains(.netAdmin), "needs CAP_NET_ADMIN: run as root, or with sudo")
    static let namespaces = ConditionTrait.enabled(
        if: TestEnvironment.canUseNamespaces && Privileges.effective.contains(.netRaw),
        "needs CAP_NET_RAW and network namespaces: run as root, or with sudo"
    )
}

/// Both families, as arguments.
let bothFamilies = [IPAddress.Family.v4, .v6]
