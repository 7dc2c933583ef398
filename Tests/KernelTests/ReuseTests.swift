import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// `open -c --same-port`: a SYN between two sockets that had a connection just before, and what Linux makes of it.
@Suite(.blocks, Needs.namespaces)
struct ReuseTests {
    private func states(_ scene: Scene) throws -> [ConnectionState] {
        try SocketTable.read(in: scene.peer).connections(port: scene.target.port).map(\.state)
    }

    private func timestamp(_ segment: ObservedSegment) -> UInt32? {
        for case .timestamps(let value, _) in TCPOptions(octets: segment.options).options { return value }
        return nil
    }

    @Test(arguments: Place.veth)
    func aLaterTimestampEndsTimeWait(place: Place) throws {
        let scene = try Scene(place, .closesAtOnce)
        let probe = try scene.start("open", ["-c", "2", "-i", "1500ms", "--same-port", "--end", "peer"])
        try waitUntil("the first connection has ended") { try states(scene) == [.timeWait] }
        // Between the two the port stays ours, and guarded.
        let port = try #require(scene.ourSyns.first).source.port
        #expect(try SocketTable.read(in: scene.us).rows.contains { $0.local.port == port && $0.state == .listen })
        let run = try probe.wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        let said =
            "the peer was in TIME-WAIT and accepted the SYN: its timestamp is later than the last one (RFC 6191 §2)"
        #expect(run.stdout.contains(said), "\(run.stdout)")
        #expect(run.stdout.contains("same sockets again: 1 accepted"), "\(run.stdout)")
        let syns = scene.ourSyns
        #expect(syns.count == 2 && Set(syns.map(\.source)).count == 1)
        let before = scene.ours.prefix { $0.seq != syns[1].seq || !$0.flags.contains(.syn) }.compactMap(timestamp).max()
        #expect(try #require(timestamp(syns[1])) > #require(before))
        #expect(try #require(scene.server).waitUntil { $0.count == 2 }.allSatisfy { !$0.sawReset })
        try waitUntil("the peer waits again") { try states(scene) == [.timeWait] }
        try scene.expectGoodManners(run)
    }

    /// Without timestamps the sequence number decides, and one that is not later belongs to an old duplicate.
    @Test(arguments: Place.veth)
    func anEarlierSequenceNumberIsChallenged(place: Place) throws {
        let scene = try Scene(place, .closesAtOnce)
        let run = try scene.run(
            "open", "-c", "2", "-i", "100ms", "--same-port", "--end", "peer", "--no-timestamps", "--isn", "1000")
        #expect(run.exitCode == 0, "\(run.stdout)")
        let said =
            "TIME-WAIT and answered the SYN with an ACK of the connection before: nothing in it is later"
        #expect(run.stdout.contains(said), "\(run.stdout)")
        #expect(run.stdout.contains("our RST in reply ended its TIME-WAIT"), "\(run.stdout)")
        let second = try #require(scene.ours.lastIndex { $0.flags == .syn && $0.seq == SequenceNumber(1000) })
        #expect(scene.ourSyns.count == 3 && scene.ours[..<second].contains { $0.flags == .rst })
        #expect(try #require(scene.server).waitUntil { $0.count == 2 }.count == 2)
    }

    @Test(arguments: Place.veth)
    func aLaterSequenceNumberIsEnoughWithoutTimestamps(place: Place) throws {
        let scene = try Scene(place, .closesAtOnce)
        let run = try scene.run("open", "-c", "2", "-i", "100ms", "--same-port", "--end", "peer", "--no-timestamps")
        #expect(run.exitCode == 0, "\(run.stdout)")
        let said = "accepted the SYN: it lies beyond the last sequence number (RFC 9293 §3.6.1, MAY-2)"
        #expect(run.stdout.contains(said), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.allCases)
    func afterAResetNothingIsLeft(place: Place) throws {
        let scene = try Scene(place, .neverCloses)
        let run = try scene.run("open", "-c", "3", "-i", "20ms", "--same-port", "--end", "rst")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.stdout.contains("the peer had nothing left of the connection before"), "\(run.stdout)")
        #expect(run.stdout.contains("same sockets again: 2 accepted"), "\(run.stdout)")
        #expect(scene.ourSyns.count == 3 && Set(scene.ourSyns.map(\.source.port)).count == 1)
        #expect(try #require(scene.server).waitUntil { $0.count == 3 && $0.allSatisfy(\.sawReset) }.count == 3)
    }

    @Test func aProgramIsToldToo() throws {
        let scene = try Scene(.veth4, .closesAtOnce)
        let run = try scene.run("open", "-c", "2", "-i", "20ms", "--same-port", "--end", "peer", "--json")
        #expect(run.exitCode == 0, "\(run.stderr)")
        let kept = try Subprocess.check(
            "jq",
            ["-c", "select(.type == \"reuse\") | [.conversation, .peer_was, .answer, .opened, .later_timestamp]"],
            stdin: run.stdout)
        #expect(kept.stdout == "[2,\"TIME-WAIT\",\"accepted\",true,true]\n")
    }

    @Test(arguments: [
        ["--same-port"], ["-c", "2", "--source-port", "4000"], ["--end", "peer", "--fin-on", "ack"],
    ])
    func contradictionsAreUsageErrors(options: [String]) throws {
        let run = try Program.run(["open"] + options + ["127.0.0.1:9"], in: nil)
        #expect(run.exitCode == 3 && run.stdout.isEmpty, "\(run.stderr)")
    }
}
