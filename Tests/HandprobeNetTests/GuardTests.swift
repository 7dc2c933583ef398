import Glibc
import HandprobeNet
import HandprobeTestKit
import HandprobeWire
import Testing

@Suite(Needs.rawSockets)
struct GuardTests {
    @Test(arguments: bothFamilies, [GuardKind.md5, .minHopLimit])
    func eachUnprivilegedGuardAloneKeepsTheKernelOut(family: IPAddress.Family, kind: GuardKind) throws {
        #expect(try LoopbackTrial(family: family).handshake(guardedBy: [kind]) == .expected([kind]))
    }

    @Test(Needs.filter, arguments: bothFamilies)
    func theFilterAloneKeepsTheKernelOut(family: IPAddress.Family) throws {
        #expect(try LoopbackTrial(family: family).handshake(guardedBy: [.filter]) == .expected([.filter]))
    }

    @Test(arguments: bothFamilies)
    func withoutAGuardTheKernelResets(family: IPAddress.Family) throws {
        let outcome = try LoopbackTrial(family: family).handshake(guardedBy: [])
        #expect(outcome.isAnswered)
        #expect(outcome.kernelResets >= 1)
        #expect(!outcome.isAccepted)
    }

    @Test(Needs.namespaces, arguments: bothFamilies)
    func guardsAddUpWithRawSocketsAsTheOnlyCapability(family: IPAddress.Family) throws {
        try NetworkNamespace().run {
            try Privileges.drop(keeping: [.netRaw])
            let trial = try LoopbackTrial(family: family)
            #expect(try trial.handshake(guardedBy: GuardKind.allCases) == .expected([.md5, .minHopLimit]))
        }
    }

    @Test(arguments: bothFamilies)
    func thePortIsOursAlone(family: IPAddress.Family) throws {
        let loopback: IPAddress = family == .v4 ? .v4(.loopback) : .v6(.loopback)
        let portGuard = try PortGuard(local: SocketAddress(loopback, port: 0))
        let local = portGuard.local
        #expect(local.port != 0)
        let refusal = #expect(throws: SystemError.self) { _ = try PortGuard(local: local).kinds }
        #expect(refusal?.errno == EADDRINUSE)
        #expect(refusal?.advice?.contains("--source-port") == true)
        // A server of another user, which asks to share the port, does not get it either.
        #expect(throws: TestKitError.self) { _ = try TestServer(.echo, on: local) }
        #expect(portGuard.kinds.contains(.md5))
    }

    @Test func thePortIsFreeWhenTheGuardEnds() throws {
        let local = try PortGuard(local: SocketAddress(.v4(.loopback), port: 0)).local
        #expect(try PortGuard(local: local).local == local)
    }

    @Test func anAddressThatIsNotOursIsRefused() throws {
        let foreign = SocketAddress(IPAddress("192.0.2.77")!, port: 0)
        let refusal = #expect(throws: SystemError.self) { _ = try PortGuard(local: foreign).kinds }
        #expect(refusal?.errno == EADDRNOTAVAIL)
        #expect(refusal?.description.contains("192.0.2.77 is not an address of this host") == true)
    }

    @Test(Needs.namespaces) func aLowPortNeedsTheCallersOwnRight() throws {
        let refusal = try NetworkNamespace().run {
            try Privileges.drop(keeping: [.netRaw])
            return #expect(throws: SystemError.self) {
                _ = try PortGuard(local: SocketAddress(.v4(.loopback), port: 80)).kinds
            }
        }
        #expect(refusal?.errno == EACCES)
        #expect(refusal?.advice?.contains("CAP_NET_BIND_SERVICE") == true)
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
