import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// `handprobe send`: what leaves is what was asked for, and what it provokes is ended.
@Suite(.blocks, Needs.namespaces)
struct SendTests {
    @Test(arguments: Place.allCases)
    func aSynIsAnsweredAndTakenBack(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("send", "--wait", "300ms")
        #expect(run.exitCode == 0, "\(run.stdout)")
        let answer = try #require(scene.theirs.first)
        #expect(answer.flags == [.syn, .ack])
        // The RST is exactly where the peer expects our next octet, so its request is gone.
        #expect(scene.ours.last?.flags == .rst)
        #expect(scene.ours.last?.seq == answer.ack)
        try scene.expectGoodManners(run, resets: 1)
        #expect(scene.server?.accepted == 0)
    }

    @Test(arguments: Place.veth)
    func everyFieldIsAsAsked(place: Place) throws {
        let scene = try Scene(place, nil)
        let run = try scene.run(
            "send", "--flags", "PA", "--seq", "4294967295", "--ack", "0x80000000", "--win", "7", "--data", "hi",
            "--options", "nop,nop,kind-254=cafe", "--ttl", "9", "--tos", "4", "--source-port", "40777", "--wait",
            "300ms"
        )
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let sent = try #require(scene.ours.first)
        #expect(sent.flags == [.psh, .ack])
        #expect(sent.seq == SequenceNumber(.max) && sent.ack == SequenceNumber(0x8000_0000))
        #expect(sent.window == 7 && sent.payload == Array("hi".utf8) && sent.hopLimit == 9)
        #expect(sent.options.starts(with: [1, 1, 254, 4, 0xCA, 0xFE]))
        #expect(sent.source.port == 40777)
        #expect(sent.checksumIsGood)
        // A closed port resets at the acknowledgment (RFC 9293 §3.10.7.1).
        #expect(scene.theirs.map(\.flags) == [.rst])
        #expect(scene.theirs.first?.seq == sent.ack)
        #expect(scene.ours.count == 1)
    }

    @Test(arguments: Place.veth)
    func aWrongChecksumIsSentAndNotAnswered(place: Place) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.run("send", "--badsum", "--wait", "300ms")
        // Nothing else was to be expected of a receiver (RFC 9293 §3.1).
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(scene.ourSyns.map(\.checksumIsGood) == [false])
        #expect(scene.theirs.isEmpty)
        #expect(run.conclusion.contains("[silence-expected]"), "\(run.stdout)")
    }

    @Test func aWrongHeaderPassesTheKernelUnrepaired() throws {
        let scene = try Scene(.veth4, .echo)
        let run = try scene.run("send", "--ip-checksum", "1", "--wait", "300ms")
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let frame = try #require(scene.tap.frames.first { $0.outgoing && $0.tcp?.flags == .syn })
        #expect(Array(frame.octets[24..<26]) == [0, 1])
        #expect(scene.theirs.isEmpty)
        #expect(!run.stdout.contains("rewritten-locally"), "\(run.stdout)")
    }

    @Test(arguments: [[], ["-6"]])
    func theDemoShowsAWholeConnection(options: [String]) throws {
        let namespace = try NetworkNamespace()
        let tap = try PacketTap("lo", in: namespace)
        let run = try Program.run(["demo"] + options, in: namespace)
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.conclusion.contains("closed in four segments; half-closed for "), "\(run.stdout)")
        let segments = tap.sent
        #expect(segments.filter { $0.flags.contains(.fin) }.count == 2)
        #expect(segments.allSatisfy { !$0.flags.contains(.rst) })
    }

    @Test func theDoctorFindsThisMachineFit() throws {
        let testbed = try Testbed.veth()
        let run = try Program.run(["doctor", "10.77.0.2"], in: testbed.us)
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        #expect(run.stdout.contains("veth0"), "\(run.stdout)")
        #expect(try SocketTable.read(in: testbed.us).rows.filter { $0.state != .timeWait } == [])
    }
}
