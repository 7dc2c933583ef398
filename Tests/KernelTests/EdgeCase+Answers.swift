import HandprobeTestKit
import HandprobeWire
import Testing

/// How our SYN is answered, and what may be believed (RFC 9293 §3.10.7.3).
extension EdgeCase {
    /// A RST of ours answers the acknowledgment that fits nothing, at exactly that number (RFC 9293 §3.5.2).
    private static func resetsAtWrongAck(_ scene: EdgeScene, _ run: EdgeRun) throws {
        let wrong = try #require(run.received.first)
        let reset = try #require(run.sent.first { $0.flags == .rst })
        #expect(reset.seq == wrong.ack)
    }

    /// The RST that releases a peer which may have heard us unheard is where that peer expects it.
    private static func releasesAtEnd(_ scene: EdgeScene, _ run: EdgeRun) throws {
        let (syn, last) = (try #require(run.sent.first), try #require(run.sent.last))
        #expect(last.flags == .rst)
        #expect(last.seq == syn.seq + 1)
    }

    static let answers: [EdgeCase] = [
        EdgeCase("ordinary", .ordinary, "open", exit: 0, "orderly: opened in three segments", sent: "S . . F. ."),
        EdgeCase("refuses", .refuses, "open", exit: 1, "[refused, post-syn]", ["refused"], sent: "S"),
        EdgeCase("refuses a close", .refuses, "close", exit: 1, "[refused, post-syn]", ["refused"], sent: "S"),
        EdgeCase(
            "RST that acknowledges something else", .refusesWithWrongAck(), "open", "--timeout", "1500ms", exit: 1,
            "[reset-stray, post-syn]", ["reset-stray", "retransmitted-by-us"], sent: "S S R", also: releasesAtEnd),
        EdgeCase(
            "RST without ACK", .refusesWithoutAck, "open", "--timeout", "1500ms", exit: 1,
            "[reset-without-ack, post-syn]", ["reset-without-ack", "retransmitted-by-us"], sent: "S S R",
            also: releasesAtEnd),
        EdgeCase(
            "RST without ACK, then right", .refusesWithoutAck.once(), "open", exit: 0, "orderly: opened",
            ["reset-without-ack", "retransmitted-by-us"], sent: "S S . . F. ."),
        EdgeCase(
            "challenge ACK", .challengeACK, "open", "--timeout", "1500ms", exit: 1, "[challenged, post-syn]",
            ["challenged", "retransmitted-by-us"], sent: "S R S R R", also: resetsAtWrongAck),
        EdgeCase(
            "challenge ACK, then right", .challengeACK.once(), "open", exit: 0, "orderly: opened",
            ["challenged", "retransmitted-by-us"], sent: "S R S . . F. .", also: resetsAtWrongAck),
        EdgeCase(
            "wrong acknowledgment", .wrongAck(), "open", "--timeout", "1500ms", exit: 1,
            "[wrong-acknowledgment, post-syn]", ["wrong-acknowledgment", "retransmitted-by-us"], sent: "S R S R R",
            also: resetsAtWrongAck),
        EdgeCase(
            "wrong acknowledgment, then right", .wrongAck().once(), "open", exit: 0, "orderly: opened",
            ["wrong-acknowledgment", "retransmitted-by-us"], sent: "S R S . . F. .", also: resetsAtWrongAck),
        EdgeCase(
            "SYN-ACK, then RST", .synAckThenReset(), "open", exit: 1, "[reset-in-handshake, post-",
            ["reset-in-handshake"], sent: nil,
            also: { _, run in
                #expect(run.sent.filter { $0.flags.contains(.rst) }.isEmpty)
                #expect(run.sent.count <= 3)
            }),
        EdgeCase(
            "bad checksums", .badChecksum(), "open", "--timeout", "1500ms", exit: 1, "[bad-checksum, post-syn]",
            ["bad-checksum", "retransmitted-by-us"], sent: "S S R"),
        EdgeCase(
            "bad checksum, then good", .badChecksum(1), "open", exit: 0, "orderly: opened",
            ["bad-checksum", "retransmitted-by-us"], sent: "S S . . F. ."),
        EdgeCase(
            "silence", .silent, "open", "--timeout", "1500ms", exit: 2, "[no-answer, post-syn]",
            ["no-answer", "retransmitted-by-us"], sent: "S S R", also: releasesAtEnd),
        EdgeCase(
            "simultaneous open", .simultaneousOpen, "open", exit: 0, "opened simultaneously", ["syn-crossed"],
            sent: nil),
    ]

    /// What the SYN-ACK may say; all of it is gone along with, and said.
    static let synAcks: [EdgeCase] = [
        EdgeCase(
            "data in the SYN-ACK", .synAckWithData(Array("hi!\n".utf8)), "open", exit: 0, "orderly: opened",
            ["syn-ack-with-data"], sent: "S . . F. .",
            also: { _, run in
                #expect(run.sent[1].ack == run.received[0].seq + 5)
            }),
        EdgeCase(
            "FIN in the SYN-ACK", .synAckWithFIN, "open", exit: 1, "[syn-ack-with-fin, post-syn]",
            ["syn-ack-with-fin", "peer-closed-first"], sent: "S . . F.",
            also: { _, run in
                #expect(run.sent[1].ack == run.received[0].seq + 2)
            }),
        EdgeCase(
            "zero window", .zeroWindowThenOpening(after: .milliseconds(100)), "close", "--send", "hello", exit: 0,
            "orderly: opened", ["zero-window-in-syn-ack"], sent: "S . P. F. .",
            also: { _, run in
                let opening = try #require(run.frames.first { $0.tcp?.window != 0 && !$0.outgoing })
                let data = try #require(run.frames.first { $0.tcp?.payload.isEmpty == false })
                #expect(opening.time < data.time)
            }),
        EdgeCase(
            "no options", .withoutOptions, "close", "--send-hex", .hex(1300), exit: 0, "orderly: opened", ["no-mss"],
            sent: nil,
            also: { scene, run in
                let most = scene.target.address.family == .v4 ? 536 : 1220
                #expect(run.sent.map(\.payload.count).max() == most)
                #expect(run.sent.dropFirst().allSatisfy { $0.options.isEmpty })
            }),
        EdgeCase(
            "MSS 64", .mss(64), "close", "--send-hex", .hex(150), exit: 0, "orderly: opened", ["odd-mss"], sent: nil,
            also: { _, run in
                #expect(run.sent.map(\.payload.count).max() == 64)
                #expect(run.sent.map(\.payload.count).reduce(0, +) == 150)
            }),
        EdgeCase(
            "MSS 0", .mss(0), "close", "--send-hex", .hex(150), exit: 0, "orderly: opened", ["odd-mss"], sent: nil,
            also: { _, run in
                #expect(run.sent.map(\.payload.count).reduce(0, +) == 150)
            }),
        EdgeCase("MSS 65535", .mss(65535), "open", exit: 0, "orderly: opened", ["odd-mss"], sent: "S . . F. ."),
        EdgeCase(
            "timestamp echo 0", .timestampEchoZero, "open", exit: 0, "orderly: opened", ["timestamp-echo-zero"],
            sent: "S . . F. ."),
        EdgeCase(
            "window scale 15", .windowScale15, "open", exit: 0, "orderly: opened", ["window-scale-too-large"],
            sent: "S . . F. ."),
        EdgeCase(
            "garbage options", .garbageOptions, "open", exit: 0, "orderly: opened", ["malformed-options"],
            sent: "S . . F. ."),
        EdgeCase("ISS 0", .iss(0), "close", "--send", "hello", exit: 0, "orderly: opened", sent: "S . P. F. ."),
        EdgeCase("ISS 2^32-1", .iss(.max), "close", "--send", "hello", exit: 0, "orderly: opened", sent: "S . P. F. ."),
        EdgeCase(
            "both ISS 0", .iss(0), "close", "--send", "hello", "--isn", "0", exit: 0, "orderly: opened",
            sent: "S . P. F. ."),
        EdgeCase(
            "both ISS 2^32-1", .iss(.max), "close", "--send", "hello", "--isn", "4294967295", exit: 0,
            "orderly: opened", sent: "S . P. F. ."),
        EdgeCase(
            "SYN-ACK again and again", .repeatsSynAck(3, every: .milliseconds(100)), "open", exit: 0,
            "orderly: opened", nil, sent: nil,
            also: { _, run in
                // Each of them is confirmed.
                let synAck = run.received[0]
                #expect(run.received.filter { $0.flags.contains(.syn) }.count == 3)
                #expect(run.sent.filter { $0.flags == .ack && synAck.seq.isBefore($0.ack) }.count >= 3)
                #expect(run.sent.filter { $0.flags.contains(.fin) }.count == 1)
            }),
        EdgeCase(
            "hop limit changes", .hopLimitChanges(to: 33), "open", exit: 0, "orderly: opened", ["ttl-changed"],
            sent: "S . . F. ."),
    ]
}

extension EdgeBehavior {
    /// An MSS of `size` in the SYN-ACK and no other option.
    static func mss(_ size: UInt16) -> EdgeBehavior {
        var behavior = EdgeBehavior("mss(\(size))")
        behavior.synAckOptions = TCPOptions([.maximumSegmentSize(size)])
        return behavior
    }
}

extension String {
    /// So many octets in hex.
    static func hex(_ count: Int) -> String { String(repeating: "2e", count: count) }
}
