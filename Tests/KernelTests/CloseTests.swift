import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// `handprobe close`: the teardown step by step, against the kernel's own servers.
@Suite(.blocks, Needs.namespaces)
struct CloseTests {
    @Test(arguments: Place.allCases)
    func aLateCloseIsHalfClosedUntilThen(place: Place) throws {
        let scene = try Scene(place, .closesLate)
        let server = try #require(scene.server)
        let probe = try scene.start("close")
        _ = try probe.waitForLine { $0.contains("half-closed from here") }
        try server.waitUntil { $0.first?.sawEOF == true }
        #expect(try scene.leftAtPeer().contains { $0.state == .closeWait })
        server.closeNow()
        let run = try probe.wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.conclusion.contains("closed in four segments; half-closed for "), "\(run.stdout)")
        #expect(run.conclusion.hasSuffix("in which the peer sent nothing"), "\(run.stdout)")
        #expect(scene.hasSeparateFin)
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.allCases)
    func theNumberOfSegmentsIsTheOneOnTheWire(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("close")
        #expect(run.exitCode == 0, "\(run.stdout)")
        let number = scene.hasSeparateFin ? "four" : "three"
        #expect(run.conclusion.contains("closed in \(number) segments"), "\(run.stdout)")
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawEOF) == [true])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aPeerThatClosesFirstIsSaidTo(place: Place) throws {
        let scene = try Scene(place, .closesAtOnce)
        let probe = try scene.start("close", ["--step"], keepsInputOpen: true)
        try probe.waitForText("next: S", .stderr)
        probe.write("\n")
        try probe.waitForText("next: .", .stderr)
        probe.write("\n")
        // The peer's FIN is here, and what we say to it is held back.
        _ = try probe.waitForLine { $0.contains("their FIN: asks to close") }
        probe.closeInput()
        let run = try probe.wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.stdout.contains("peer-closed-first"), "\(run.stdout)")
        #expect(run.conclusion.contains("the peer closed first"), "\(run.stdout)")
        let ours = try #require(scene.ours.first { $0.flags.contains(.fin) })
        let theirs = try #require(scene.theirs.first { $0.flags.contains(.fin) })
        #expect(ours.ack == theirs.seq + 1)
        #expect(try #require(scene.server).waitUntil { $0.first?.sawEOF == true }.map(\.sawReset) == [false])
        #expect(scene.ours.allSatisfy { !$0.flags.contains(.rst) })
        // Who closes first keeps the connection in TIME-WAIT.
        try waitUntil("the peer waits") {
            try SocketTable.read(in: scene.peer).connections(port: scene.target.port).map(\.state) == [.timeWait]
        }
    }

    @Test(arguments: Place.veth)
    func aPeerThatNeverClosesIsNamedAndReset(place: Place) throws {
        let scene = try Scene(place, .neverCloses)
        let run = try scene.run("close", "--wait", "400ms")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.conclusion.contains("[peer-never-closed, closing]"), "\(run.stdout)")
        let seen = try #require(scene.server).waitUntil { $0.first?.sawReset == true }
        #expect(seen.map(\.sawEOF) == [true])
        let frames = scene.tap.frames
        let confirmed = try #require(frames.first { $0.tcp.map { $0 == scene.confirmationOfOurFin } ?? false })
        let reset = try #require(frames.first { $0.outgoing && $0.tcp?.flags.contains(.rst) == true })
        #expect(reset.time.since(confirmed.time) >= .milliseconds(400))
        try scene.expectGoodManners(run, resets: 1)
    }

    @Test(arguments: Place.veth)
    func aResetInsteadOfAFinIsNamed(place: Place) throws {
        let scene = try Scene(place, .resetsOnClose)
        let run = try scene.run("close")
        #expect(run.exitCode == 1, "\(run.stdout)")
        #expect(run.stdout.contains("reset-after-fin: "), "\(run.stdout)")
        #expect(scene.theirs.last?.flags.contains(.rst) == true)
        #expect(scene.theirs.allSatisfy { !$0.flags.contains(.fin) })
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth, [1, 612, 100_000])
    func octetsInTheHalfClosedIntervalAreCounted(place: Place, count: Int) throws {
        let scene = try Scene(place, .speaksAfterEOF([UInt8](repeating: 0x2A, count: count)))
        let run = try scene.run("close")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.conclusion.contains("in which the peer sent \(count) octet"), "\(run.stdout)")
        let sent = Set(scene.theirs.flatMap { segment in segment.payload.indices.map { segment.seq + $0 } })
        #expect(sent.count == count)
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawReset) == [false])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.allCases)
    func aRequestOfSeveralSegmentsArrivesWhole(place: Place) throws {
        var random = SplitMix64(seed: 7)
        let request = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let hex = request.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let scene = try Scene(place, .echo)
        let run = try scene.run("close", "--send-hex", hex)
        #expect(run.exitCode == 0, "\(run.stdout)")
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.received) == [request])
        if !place.isLoopback { #expect(scene.ours.filter { !$0.payload.isEmpty }.count >= 4) }
        let echoed = Set(scene.theirs.flatMap { segment in segment.payload.indices.map { segment.seq + $0 } })
        #expect(echoed.count == 5000)
        try scene.expectGoodManners(run)
    }

    @Test func textIsSentWithItsEscapes() throws {
        let scene = try Scene(.veth4, .closesFirst(after: Array("bye".utf8)))
        let run = try scene.run("close", "--send", #"a\r\n\x00\\ é"#)
        #expect(run.exitCode == 0, "\(run.stdout)")
        let seen = try #require(scene.server).waitUntil { $0.first?.sawEOF == true }
        #expect(seen.map(\.received) == [[0x61, 13, 10, 0, 0x5C, 0x20, 0xC3, 0xA9]])
        #expect(scene.ours.allSatisfy { !$0.flags.contains(.rst) })
    }
}

extension Scene {
    /// The first segment of the peer that covers our FIN.
    var confirmationOfOurFin: ObservedSegment? {
        guard let fin = ours.first(where: { $0.flags.contains(.fin) }) else { return nil }
        let end = fin.seq + fin.payload.count + 1
        return theirs.first { $0.ack == end }
    }

    /// True when the peer's FIN was not in the segment that first covered ours.
    var hasSeparateFin: Bool { confirmationOfOurFin?.flags.contains(.fin) == false }
}
