import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// A link that impairs what passes, real kernels at both its ends, and a witness of every frame at each.
final class ImpairedScene: HasPeer {
    let testbed: Testbed
    let server: TestServer
    let ours: PacketTap
    let theirs: PacketTap

    init(
        _ behavior: TestServer.Behavior = .echo,
        _ family: IPAddress.Family = .v4,
        seed: UInt64 = 1,
        towardsPeer: Impairment = .none,
        towardsUs: Impairment = .none,
        rules: [LinkRule] = []
    ) throws {
        testbed = try Testbed.impaired(seed: seed, towardsPeer: towardsPeer, towardsUs: towardsUs, rules: rules)
        server = try TestServer(behavior, in: testbed, family)
        (ours, theirs) = (try PacketTap(testbed.ours), try PacketTap(testbed.theirs))
        PeerLedger.add(self)
    }

    /// With nothing in the way any more, the peer's kernel comes to forget us, but for TIME-WAIT.
    func expectPeerHasForgotten() throws {
        let link = try link
        link.removeRules()
        link.impair(.towardsPeer, .none)
        link.impair(.towardsUs, .none)
        try PeerTable.expect(in: testbed.peer, port: server.address.port, limit: .seconds(90)) {
            $0.state == "TIME-WAIT"
        }
    }

    /// The link between the two.
    var link: ImpairedLink {
        get throws { try #require(testbed.link) }
    }

    /// Runs a command against the server to its end.
    func run(_ command: [String], limit: Duration = .patience) throws -> ImpairedRun {
        let before = (ours.frames.count, theirs.frames.count)
        let program = try Program.start(command + [server.address.description], in: testbed.us)
        let result = try program.wait(limit: limit)
        return ImpairedRun(
            ours: EdgeRun(result, ours.frames.dropFirst(before.0), port: server.address.port),
            theirs: EdgeRun(result, theirs.frames.dropFirst(before.1), port: server.address.port)
        )
    }
}
