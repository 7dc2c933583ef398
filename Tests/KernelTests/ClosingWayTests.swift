import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// Teardowns that differ on purpose from FIN, ACK, FIN, ACK, and what a Linux server makes of them.
@Suite(.blocks, Needs.namespaces)
struct ClosingWayTests {
    private func states(_ scene: Scene) throws -> [ConnectionState] {
        try SocketTable.read(in: scene.peer).connections(port: scene.target.port).map(\.state)
    }

    @Test(arguments: Place.allCases, [1, 612, 100_000])
    func aServerThatAnswersAfterOurFinHonoursHalfClose(place: Place, count: Int) throws {
        let scene = try Scene(place, .speaksAfterEOF([UInt8](repeating: 0x2A, count: count)))
        let run = try scene.run("close", "--half-close", "--send", "GET\r\n")
        #expect(run.exitCode == 0, "\(run.stdout)")
        let octets = count == 1 ? "1 octet" : "\(count) octets"
        let said = "half-close-honoured: the peer answered with \(octets) and then closed"
        #expect(run.stdout.contains(said), "\(run.stdout)")
        let request = try #require(scene.ours.first { !$0.payload.isEmpty })
        #expect(request.flags.contains(.fin) && request.payload == Array("GET\r\n".utf8))
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.received) == [Array("GET\r\n".utf8)])
        #expect(seen.map(\.sawEOF) == [true] && seen.map(\.sawReset) == [false])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aServerThatClosesOnOurFinTruncates(place: Place) throws {
        let scene = try Scene(place, TestServer.Behavior())
        let run = try scene.run("close", "--half-close", "--send", "GET\r\n")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[half-close-truncated, closing]"), "\(run.stdout)")
        #expect(scene.theirs.allSatisfy { $0.payload.isEmpty })
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aServerThatResetsOnOurFinIsSaidTo(place: Place) throws {
        let scene = try Scene(place, .resetsOnClose)
        let run = try scene.run("close", "--half-close", "--send", "GET\r\n")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[half-close-reset, closing]"), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func finsCrossAndThePeerIsInClosing(place: Place) throws {
        let scene = try Scene(place, .closesFirst(after: Array("bye".utf8)))
        let probe = try scene.start(
            "close", ["--simultaneous", "--withhold-last-ack", "--wait", "3s", "--send", "hello"])
        // Our FIN is there and does not confirm the peer's: CLOSING until it does (RFC 9293 §3.6, figure 13).
        try waitUntil("the peer is in CLOSING") { try self.states(scene) == [.closing] }
        let run = try probe.wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.conclusion.hasSuffix("closed simultaneously: the two FINs crossed"), "\(run.stdout)")
        let ours = try #require(scene.ours.first { $0.flags.contains(.fin) })
        let theirs = try #require(scene.theirs.first { $0.flags.contains(.fin) })
        #expect(ours.ack == theirs.seq + theirs.payload.count)
        #expect(scene.ours.last?.ack == theirs.seq + theirs.payload.count + 1)
        try waitUntil("the peer waits") { try states(scene) == [.timeWait] }
        #expect(try #require(scene.server).waitUntil { $0.first?.sawEOF == true }.map(\.sawReset) == [false])
        #expect(scene.ours.allSatisfy { !$0.flags.contains(.rst) })
    }

    /// Where the peer's FIN does not come there is nothing to cross.
    @Test(arguments: Place.veth)
    func finsThatCannotCrossAreSaidNotTo(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("close", "--simultaneous", "--wait", "500ms", "--send", "hello")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(
            run.conclusion.contains("the peer sent no FIN within 500.000 ms [peer-did-not-close-first, post-data]"),
            "\(run.stdout)")
        // What came meanwhile is confirmed by it.
        let fin = try #require(scene.ours.first { $0.flags.contains(.fin) })
        let last = try #require(scene.theirs.last { !$0.payload.isEmpty })
        #expect(fin.ack == last.seq + last.payload.count)
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.sawEOF) == [true] && seen.map(\.sawReset) == [false])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aFinBeforeTheLastDataWaitsAtThePeer(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("close", "--fin-before-data", "--send", "hello")
        #expect(run.exitCode == 0, "\(run.stdout)")
        let ours = scene.ours
        let fin = try #require(ours.firstIndex { $0.flags.contains(.fin) })
        let data = try #require(ours.firstIndex { !$0.payload.isEmpty })
        #expect(fin < data && ours[fin].seq == ours[data].seq + 5)
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.received) == [Array("hello".utf8)] && seen.map(\.sawEOF) == [true])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func theLastSegmentOfALongRequestIsTheOneOvertaken(place: Place) throws {
        let scene = try Scene(place, .echo)
        let request = String(repeating: "abcdefgh", count: 500)
        let run = try scene.run("close", "--fin-before-data", "--send", request)
        #expect(run.exitCode == 0, "\(run.stdout)")
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.received) == [Array(request.utf8)])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aWithheldLastAckKeepsThePeerInLastAck(place: Place) throws {
        let scene = try Scene(place, .speaksAfterEOF(Array("bye".utf8)))
        let probe = try scene.start("close", ["--withhold-last-ack", "--wait", "3s"])
        try waitUntil("the peer repeats its FIN") { scene.theirs.filter { $0.flags.contains(.fin) }.count >= 2 }
        #expect(try states(scene) == [.lastAck])
        let run = try probe.wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.stdout.contains("fin-schedule: without our ACK the peer sent its FIN "), "\(run.stdout)")
        // The text in front of the FIN was confirmed, so that nothing but the FIN came again.
        #expect(scene.theirs.filter { !$0.payload.isEmpty }.count == 1)
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aPeerThatGivesItsFinUpIsSaidTo(place: Place) throws {
        let scene = try Scene(place, .echo)
        try scene.peer.sysctl("net.ipv4.tcp_orphan_retries", "1")
        let run = try scene.run("close", "--withhold-last-ack", limit: .seconds(60))
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.stdout.contains("fin-given-up: "), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.allCases)
    func theFirstFinIsThePeers(place: Place) throws {
        let scene = try Scene(place, .closesFirst(after: Array("bye".utf8)))
        let run = try scene.run("close", "--first", "peer", "--send", "hello")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.conclusion.contains("the peer closed first"), "\(run.stdout)")
        let ours = try #require(scene.ours.first { $0.flags.contains(.fin) })
        let theirs = try #require(scene.theirs.first { $0.flags.contains(.fin) })
        #expect(ours.ack == theirs.seq + theirs.payload.count + 1)
        try waitUntil("the peer waits") { try states(scene) == [.timeWait] }
        #expect(scene.ours.allSatisfy { !$0.flags.contains(.rst) })
    }

    @Test(arguments: Place.allCases)
    func octetsAfterTheirFinReachAServerThatReadsOn(place: Place) throws {
        let scene = try Scene(place, .closesFirst(after: Array("bye".utf8)))
        let run = try scene.run("close", "--data-after-fin", "more", "--send", "hello")
        #expect(run.exitCode == 0, "\(run.stdout)")
        let said = "late-data-taken: the peer acknowledged 4 octets that we sent after its FIN"
        #expect(run.stdout.contains(said), "\(run.stdout)")
        let theirFin = try #require(scene.theirs.first { $0.flags.contains(.fin) })
        let more = try #require(scene.ours.first { $0.payload == Array("more".utf8) })
        let ourFin = try #require(scene.ours.first { $0.flags.contains(.fin) })
        #expect(more.ack == theirFin.seq + theirFin.payload.count + 1 && ourFin.seq == more.seq + 4)
        let seen = try #require(scene.server).waitUntil { $0.first?.sawEOF == true }
        #expect(seen.map(\.received) == [Array("hellomore".utf8)] && seen.map(\.sawReset) == [false])
        try waitUntil("the peer waits") { try states(scene) == [.timeWait] }
        try scene.expectGoodManners(run)
    }

    /// RFC 9293 §3.6.1: who has closed both directions answers what comes with RST, and so does who knows no connection.
    @Test(arguments: Place.allCases)
    func octetsAfterTheirFinAndRstFindNobody(place: Place) throws {
        var behavior = TestServer.Behavior.closesFirst(after: Array("bye".utf8))
        behavior.hangsUp = true
        let scene = try Scene(place, behavior)
        let run = try scene.run(
            "close", "--data-after-fin", "more", "--data-after-rst", "still", "--send", "hello")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[late-data-reset, closing]"), "\(run.stdout)")
        let said = "reset-repeated: the peer answered 5 octets that we sent after its RST with another RST"
        #expect(run.stdout.contains(said), "\(run.stdout)")
        let resets = scene.theirs.filter { $0.flags.contains(.rst) }
        let still = try #require(scene.ours.last)
        #expect(resets.count == 2 && still.payload == Array("still".utf8) && resets.last?.seq == still.ack)
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.received) == [Array("hello".utf8)])
        #expect(try states(scene).isEmpty)
        try scene.expectGoodManners(run)
    }

    /// A RST that somebody on the way has made ends our side and not the peer's.
    @Test(arguments: Place.veth)
    func octetsAfterARstThatIsNotThePeersShowIt(place: Place) throws {
        let scene = try Scene(place, .echo)
        // With timestamps "hello" makes packets of these lengths.
        try scene.peer.nft(
            "table inet t { chain i { type filter hook input priority 0; "
                + "tcp dport \(scene.target.port) meta length { 57, 77 } reject with tcp reset; }; }")
        let run = try scene.run("close", "--send", "hello", "--data-after-rst", "still here")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.stdout.contains("reset-disowned: the peer answered 10 octets"), "\(run.stdout)")
        let seen = try #require(scene.server).waitUntil { $0.first?.sawReset == true }
        #expect(seen.map(\.received) == [[]])
        #expect(try states(scene).isEmpty)
        #expect(!scene.ours.filter { $0.flags.contains(.rst) }.isEmpty)
    }

    @Test(arguments: Place.veth)
    func aPeerThatLeavesTheFirstFinToUsGetsIt(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("close", "--first", "peer", "--wait", "300ms")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[peer-did-not-close-first, post-ack]"), "\(run.stdout)")
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawReset) == [false])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.allCases, [[], ["--send", "hello"]])
    func anAbortAtTheExactOctetIsBelieved(place: Place, request: [String]) throws {
        let scene = try Scene(place, TestServer.Behavior())
        let run = try scene.start("close", ["--abort", "exact"] + request).wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.conclusion.hasSuffix("reset by us at exactly SND.NXT, confirmed"), "\(run.stdout)")
        #expect(try #require(scene.server).waitUntil { $0.first?.sawReset == true }.map(\.sawEOF) == [false])
        try scene.expectGoodManners(run, resets: 1)
    }

    /// RFC 5961 §3.2: a RST inside the window is challenged, one outside it is dropped; Linux does both.
    @Test(arguments: Place.allCases, ["window", "outside"])
    func anAbortElsewhereIsNotBelieved(place: Place, where: String) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("close", "--abort", `where`, "--send", "hello")
        #expect(run.exitCode == 0, "\(run.stdout)")
        let code = `where` == "window" ? "reset-challenged" : "reset-ignored"
        #expect(run.stdout.contains("\(code): the peer "), "\(run.stdout)")
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.sawEOF) == [true] && seen.map(\.sawReset) == [false])
        #expect(seen.map(\.received) == [Array("hello".utf8)])
        try scene.expectGoodManners(run, resets: 1)
    }

    @Test(arguments: [
        ["--abort", "exact", "--half-close", "--send", "x"], ["--abort", "nowhere"], ["--half-close"],
        ["--fin-before-data"], ["--simultaneous", "--half-close", "--send", "x"],
        ["--first", "peer", "--withhold-last-ack"], ["--first", "nobody"], ["--data-after-fin", ""],
        ["--data-after-fin", "x", "--half-close", "--send", "x"], ["--data-after-fin", "x", "--abort", "window"],
        ["--data-after-rst", "x", "--abort", "exact"], ["--simultaneous", "--twice", "fin"],
    ])
    func contradictionsAreUsageErrors(options: [String]) throws {
        let run = try Program.run(["close"] + options + ["127.0.0.1:9"], in: nil)
        #expect(run.exitCode == 3 && run.stdout.isEmpty, "\(run.stderr)")
    }
}
