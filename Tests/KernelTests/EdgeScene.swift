import HandprobeTestKit
import HandprobeWire
import Testing

/// A scripted peer, a namespace to probe it from, and a witness of every frame at our end.
final class EdgeScene: Sendable {
    let peer: EdgePeer
    let tap: PacketTap
    let target: SocketAddress

    init(_ family: IPAddress.Family, _ behavior: (EdgePlace) -> EdgeBehavior) throws {
        peer = try EdgePeer(.silent)
        tap = try PacketTap(peer.ours)
        target = SocketAddress(peer.address(family), port: 7)
        peer.play(behavior(EdgePlace(family: family, router: peer.router(family))))
    }

    /// Runs a command against the peer to its end; once more when, and only when, it says that this machine's clock was
    /// stepped while it ran.
    func run(_ command: [String], limit: Duration = .patience) throws -> EdgeRun {
        let first = try runOnce(command, limit)
        return first.report.codes.contains("clock-stepped") ? try runOnce(command, limit) : first
    }

    private func runOnce(_ command: [String], _ limit: Duration) throws -> EdgeRun {
        let before = tap.frames.count
        let program = try Program.start(command + [target.description], in: peer.us)
        let result = try program.wait(limit: limit)
        return EdgeRun(result, tap.frames.dropFirst(before), port: target.port)
    }

    /// What every run against a scripted peer owes, beside the agreement with the witness.
    func expectGoodManners(_ run: EdgeRun, sourceLocation: SourceLocation = #_sourceLocation) throws {
        run.expectAgreement(sourceLocation: sourceLocation)
        #expect(run.sent.count == run.report.ours.count, "\(run.text)", sourceLocation: sourceLocation)
        #expect(tap.drops == 0, sourceLocation: sourceLocation)
        #expect(peer.unreadable == 0, sourceLocation: sourceLocation)
        let sockets = try SocketTable.read(in: peer.us).rows
        #expect(sockets.isEmpty, sourceLocation: sourceLocation)
    }
}

/// What a behaviour may depend on.
struct EdgePlace {
    var family: IPAddress.Family
    /// The address of a router between us and the peer.
    var router: IPAddress
}
