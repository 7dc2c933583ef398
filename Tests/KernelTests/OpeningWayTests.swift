import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// Handshakes that differ on purpose from the usual three segments, and what a Linux listener makes of them.
@Suite(.blocks, Needs.namespaces)
struct OpeningWayTests {
    @Test(arguments: Place.veth)
    func aWithheldAckShowsTheSchedule(place: Place) throws {
        let scene = try Scene(place, .echo)
        let probe = try scene.start("open", ["--withhold-ack", "--wait", "4s"])
        try waitUntil("the peer repeats its SYN-ACK") { scene.theirs.filter { $0.flags.contains(.syn) }.count == 2 }
        let states = try SocketTable.read(in: scene.peer).connections(port: scene.target.port).map(\.state)
        #expect(states == [.synReceived])
        #expect(try #require(scene.server).accepted == 0)
        let run = try probe.wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        // Linux repeats after 1 s, then after twice the time (RFC 6298 §5.5).
        let synAcks = scene.tap.frames.filter { !$0.outgoing && $0.tcp?.flags == [.syn, .ack] }.map(\.time)
        try #require(synAcks.count == 3)
        let shown = run.stdout.split(separator: "again after ").last.map(String.init) ?? ""
        let times = shown.prefix { $0 != "[" }.split(separator: ",").compactMap { part in
            Double(part.trimmed.dropLast(2))
        }
        #expect(times.count == 2, "\(run.stdout)")
        for (time, synAck) in zip(times, synAcks.dropFirst()) {
            let measured = Double(synAck.since(synAcks[0]).wholeNanoseconds) / 1e9
            #expect(abs(time - measured) < 0.002, "\(time) against \(measured)")
        }
        #expect(run.stdout.contains("syn-ack-schedule: "))
        #expect(try #require(scene.server).waitUntil { $0.first?.closed == true }.map(\.sawReset) == [false])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth)
    func aListenerThatGivesUpIsSaidTo(place: Place) throws {
        let scene = try Scene(place, .echo)
        try scene.peer.sysctl("net.ipv4.tcp_synack_retries", "1")
        let run = try scene.run("open", "--withhold-ack", limit: .seconds(40))
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.stdout.contains("syn-ack-given-up: "), "\(run.stdout)")
        #expect(run.stdout.contains("the peer has not asked for it again in 3.500 s"), "\(run.stdout)")
        #expect(scene.theirs.filter { $0.flags == [.syn, .ack] }.count == 2)
        #expect(try #require(scene.server).accepted == 0)
        try scene.expectGoodManners(run)
    }

    /// With the usual five repetitions Linux gives a SYN up after 63 s: 1 + 2 + 4 + 8 + 16 + 32 (tcp_synack_retries).
    @Test(Needs.patience, arguments: Place.veth)
    func aListenersWholeScheduleIsSeen(place: Place) throws {
        let scene = try Scene(place, .echo)
        try scene.peer.sysctl("net.ipv4.tcp_synack_retries", "5")
        let run = try scene.run("open", "--withhold-ack", limit: .seconds(120))
        #expect(run.exitCode == 0, "\(run.stdout)")
        let synAcks = scene.tap.frames.filter { !$0.outgoing && $0.tcp?.flags == [.syn, .ack] }.map(\.time)
        try #require(synAcks.count == 6, "\(run.stdout)")
        let measured = synAcks.dropFirst().map { Double($0.since(synAcks[0]).wholeNanoseconds) / 1e9 }
        for (time, due) in zip(measured, [1.0, 3, 7, 15, 31]) {
            #expect(time > due * 0.98 && time < due * 1.1 + 0.1, "\(measured)")
        }
        let line = try #require(run.lines.first { $0.contains("syn-ack-schedule: ") })
        #expect(line.contains("without our ACK the peer sent its SYN-ACK 6 times: again after "), "\(line)")
        let shown = line.split(separator: "again after ").last.map(String.init) ?? ""
        let times = shown.prefix { $0 != "[" }.split(separator: ",").compactMap { Double($0.trimmed.dropLast(2)) }
        #expect(zip(times, measured).allSatisfy { abs($0 - $1) < 0.002 } && times.count == 5, "\(line)")
        // What was withheld left after the peer had given up, which it says with a RST.
        #expect(run.stdout.contains("syn-ack-given-up: "), "\(run.stdout)")
        let refusal = try #require(scene.tap.frames.first { !$0.outgoing && $0.tcp?.flags.contains(.rst) == true })
        #expect(refusal.time.since(synAcks[0]) > .seconds(63))
        #expect(try #require(scene.server).accepted == 0)
        #expect(try SocketTable.read(in: scene.peer).connections(port: scene.target.port).isEmpty)
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.allCases, [1, -1, 100_000])
    func aWrongAckIsRefusedAndTheRightOneTaken(place: Place, octets: Int) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("open", "--wrong-ack", "\(octets)")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(run.stdout.contains("wrong-ack-refused: "), "\(run.stdout)")
        let synAck = try #require(scene.theirs.first { $0.flags == [.syn, .ack] })
        let refusal = try #require(scene.theirs.first { $0.flags.contains(.rst) })
        #expect(refusal.seq == synAck.seq + 1 + octets)
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.sawEOF) == [true] && seen.map(\.sawReset) == [false])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.veth, ["syn", "ack", "data", "fin"])
    func aSegmentSentTwiceHarmsNothing(place: Place, what: String) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("open", "--twice", what, "--send", "hello")
        #expect(run.exitCode == 0, "\(run.stdout)")
        let start = try #require(scene.ourSyns.first).seq + 1
        let theirs = try #require(scene.theirs.first).seq + 1
        let copies = scene.ours.filter { segment in
            switch what {
            case "syn": segment.flags.contains(.syn)
            case "ack": segment.flags == .ack && segment.seq == start && segment.ack == theirs
            case "data": !segment.payload.isEmpty
            default: segment.flags.contains(.fin)
            }
        }
        #expect(copies.count == 2, "\(run.stdout)")
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.received) == [Array("hello".utf8)] && seen.map(\.sawReset) == [false])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.allCases)
    func theThirdSegmentCarriesTheRequest(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("open", "--data-on", "ack", "--send", "hello")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(scene.ours.dropFirst().first?.payload == Array("hello".utf8))
        #expect(scene.ours.dropFirst().first?.flags.contains(.ack) == true)
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.received) == [Array("hello".utf8)])
        #expect(run.conclusion.contains("proved open by the peer's ACK of our data"), "\(run.stdout)")
        try scene.expectGoodManners(run)
    }

    @Test(arguments: Place.allCases, [true, false])
    func theThirdSegmentCarriesOurFin(place: Place, speaks: Bool) throws {
        let scene = try Scene(place, .echo)
        let request = speaks ? ["--data-on", "ack", "--send", "hello"] : []
        let run = try scene.start("open", ["--fin-on", "ack"] + request).wait()
        #expect(run.exitCode == 0, "\(run.stdout)")
        let third = try #require(scene.ours.dropFirst().first)
        #expect(third.flags.isSuperset(of: [.fin, .ack]) && third.payload.count == (speaks ? 5 : 0))
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.received) == [speaks ? Array("hello".utf8) : []])
        #expect(seen.map(\.sawEOF) == [true] && seen.map(\.sawReset) == [false])
        try scene.expectGoodManners(run)
    }

    @Test(arguments: [
        ["--withhold-ack", "--wrong-ack", "1"], ["--wrong-ack", "0"], ["--data-on", "ack"], ["--fin-on", "data"],
        ["--fin-on", "ack", "--send", "x"], ["--twice", "data"], ["--twice", "ack", "--withhold-ack"],
        ["--twice", "rst"],
        ["--end", "rst", "--fin-on", "ack"],
    ])
    func contradictionsAreUsageErrors(options: [String]) throws {
        let run = try Program.run(["open"] + options + ["127.0.0.1:9"], in: nil)
        #expect(run.exitCode == 3 && run.stdout.isEmpty, "\(run.stderr)")
    }
}

extension Substring {
    /// Without spaces at either end.
    fileprivate var trimmed: Substring {
        var rest = self
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
