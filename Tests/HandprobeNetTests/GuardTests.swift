import HandprobeNet
import HandprobeWire
import Testing

/// Whether this process may probe at all; tests that need it say so when they cannot run.
let canProbe = Privileges.effective.contains(.netRaw)

/// Whether this process may also attach a socket filter to a listener.
let canFilter = Privileges.effective.contains(.netAdmin)

@Suite(.enabled(if: canProbe, "needs CAP_NET_RAW: run as root, or with sudo"))
struct GuardTests {
    @Test(arguments: [IPAddress.Family.v4, .v6], [GuardKind.md5, .minHopLimit])
    func eachUnprivilegedGuardAloneKeepsTheKernelOut(family: IPAddress.Family, kind: GuardKind) throws {
        #expect(try LoopbackTrial(family: family).handshake(guardedBy: [kind]) == .expected([kind]))
    }

    @Test(
        .enabled(if: canFilter, "needs CAP_NET_ADMIN: run as root, or with sudo"),
        arguments: [IPAddress.Family.v4, .v6])
    func theFilterAloneKeepsTheKernelOut(family: IPAddress.Family) throws {
        #expect(try LoopbackTrial(family: family).handshake(guardedBy: [.filter]) == .expected([.filter]))
    }

    @Test(arguments: [IPAddress.Family.v4, .v6])
    func withoutAGuardTheKernelResets(family: IPAddress.Family) throws {
        let outcome = try LoopbackTrial(family: family).handshake(guardedBy: [])
        #expect(outcome.isAnswered)
        #expect(outcome.kernelResets >= 1)
        #expect(!outcome.isAccepted)
    }
}

extension LoopbackTrial.Outcome {
    /// What a good guard gives.
    static func expected(_ kinds: [GuardKind]) -> Self {
        var outcome = LoopbackTrial.Outcome(kinds: kinds)
        outcome.isAnswered = true
        outcome.isAccepted = true
        outcome.isFinAcknowledged = true
        return outcome
    }
}
