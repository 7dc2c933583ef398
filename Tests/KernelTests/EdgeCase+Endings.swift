import HandprobeTestKit
import HandprobeWire
import Testing

/// How connections go on and end.
extension EdgeCase {
    static let endings: [EdgeCase] = [
        EdgeCase(
            "FIN and ACK in one", .mergesFIN, "close", exit: 0, "closed in three segments", sent: "S . F. ."),
        EdgeCase("FIN after ACK", .ordinary, "close", exit: 0, "closed in four segments", sent: "S . F. ."),
        EdgeCase(
            "simultaneous close", .simultaneousClose, "close", exit: 0, "closed simultaneously", sent: "S . F. ."),
        EdgeCase(
            "never closes", .neverCloses, "close", "--wait", "500ms", exit: 1, "[peer-never-closed, closing]",
            ["peer-never-closed"], sent: "S . F. R ."),
        EdgeCase(
            "never closes, opened", .neverCloses, "open", "--wait", "500ms", exit: 1, "[peer-never-closed, closing]",
            ["peer-never-closed"], sent: "S . . F. R ."),
        EdgeCase(
            "RST after our FIN", .resetsAfterFIN, "close", exit: 1, "[reset-after-fin, closing]", ["reset-after-fin"],
            sent: "S . F."),
        EdgeCase(
            "by RST", .ordinary, "open", "--end", "rst", exit: 0, "reset by us at exactly SND.NXT, confirmed",
            sent: "S . . R .",
            also: { _, run in
                let reset = try #require(run.sent.first { $0.flags == .rst })
                #expect(reset.seq == run.sent[0].seq + 1)
            }),
        EdgeCase(
            "no TCP behind the SYN-ACK", .responder, "open", "--end", "rst", exit: 5, "[goodbye-unconfirmed, closing]",
            ["proof-weak", "goodbye-unconfirmed"], sent: "S . . R . R . R ."),
        EdgeCase(
            "stray RST outside the window", .strayReset(offset: 1_000_000), "open", exit: 1, "[reset-wrong-sequence, ",
            ["reset-wrong-sequence"], sent: "S . . F. ."),
        // Not one octet off: that is where a connection that is not synchronised answers our question with RST.
        EdgeCase(
            "stray RST in the window", .strayReset(offset: 1000), "open", exit: 1, "[reset-wrong-sequence, ",
            ["reset-wrong-sequence"], sent: nil),
        EdgeCase(
            "stray RST in place of an embryonic answer", .strayEmbryonicAnswer, "open", exit: 0,
            "proved open by the peer's challenge ACK", [], sent: "S . . F. ."),
        EdgeCase(
            "data after its FIN", .dataAfterFIN(Array("more".utf8)), "close", exit: 1, "[data-after-fin, closing]",
            ["data-after-fin"], sent: nil),
    ]

    /// What takes the program more than a minute: it tries as often as a kernel does.
    static let longEndings: [EdgeCase] = [
        EdgeCase(
            "stops after the SYN-ACK", .responder, "close", exit: 5, "[fin-unacknowledged, closing]",
            ["proof-weak", "fin-unacknowledged", "retransmitted-by-us", "goodbye-unconfirmed"], sent: nil),
        EdgeCase(
            "stops at data", .stopsAtData, "close", "--send", "hello", exit: 5, "[data-unacknowledged, post-data]",
            ["proof-weak", "data-unacknowledged", "retransmitted-by-us", "goodbye-unconfirmed"], sent: nil),
        EdgeCase(
            "ignores our FIN", .ignoresFIN, "close", "--send", "hello", exit: 5, "[fin-unacknowledged, closing]",
            ["fin-unacknowledged", "retransmitted-by-us", "goodbye-unconfirmed"], sent: nil),
        EdgeCase(
            "closes, and ignores our FIN", .neverAcknowledgesFIN, "close", exit: 1, "[fin-unacknowledged, closing]",
            ["fin-unacknowledged", "retransmitted-by-us"], sent: nil),
    ]
}

extension EdgeBehavior {
    /// Somebody answers our question before the peer does, as if it were not synchronised.
    static let strayEmbryonicAnswer = EdgeBehavior("strayEmbryonicAnswer") { segment, here, replies in
        guard here.isOpen, segment.tcp.ack == here.sndNxt + 1 else { return }
        replies.insert(.segment(here.segment(.rst, seq: segment.tcp.ack)), at: 0)
    }

    /// Answers our FIN with RST at the peer's SND.NXT.
    static let resetsAfterFIN = EdgeBehavior("resetsAfterFIN") { segment, here, replies in
        guard segment.tcp.flags.contains(.fin) else { return }
        here.isOpen = false
        replies = [.segment(here.segment([.rst, .ack], seq: here.sndNxt - 1))]
    }
}
