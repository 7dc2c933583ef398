import HandprobeTestKit
import HandprobeWire
import Testing

/// Segments that somebody else than the peer seems to have made.
extension EdgeCase {
    /// An ordinary peer of whose answers to everything but the SYN one thing is changed.
    private static func later(
        _ name: String,
        _ change: @escaping @Sendable (inout SegmentTemplate) -> Void
    ) -> EdgeBehavior {
        EdgeBehavior(name) { segment, _, replies in
            if !segment.isSYN { replies.changeSegments(change) }
        }
    }

    /// A RST in answer to our FIN, changed.
    private static func reset(_ change: @escaping @Sendable (inout SegmentTemplate) -> Void) -> EdgeBehavior {
        EdgeBehavior("reset") { segment, here, replies in
            guard segment.tcp.flags.contains(.fin), let seq = replies.first?.segment?.seq else { return }
            var template = SegmentTemplate()
            (template.flags, template.seq, template.window) = (.rst, seq, 0)
            change(&template)
            replies = [.segment(template)]
            here.isOpen = false
        }
    }

    static let traits: [EdgeCase] = [
        EdgeCase(
            "RST with another TTL", reset { $0.ip.hopLimit = 201 }, "close", exit: 1, "[reset-after-fin, closing]",
            ["reset-after-fin", "reset-with-other-ttl"], sent: "S . F."),
        EdgeCase(
            "RST of the peer itself", reset { _ in }, "close", exit: 1, "[reset-after-fin, closing]",
            ["reset-after-fin"], sent: "S . F."),
        EdgeCase(
            "another TTL after the SYN-ACK", later("proxied") { $0.ip.hopLimit = 49 }, "close", exit: 0, "orderly",
            ["ttl-changed"], sent: "S . F. ."),
        EdgeCase(
            "one hop more", later("one hop more") { $0.ip.hopLimit = 63 }, "close", exit: 0, "orderly", [],
            sent: "S . F. ."),
        EdgeCase(
            "timestamps dropped", later("no timestamps") { $0.options = nil }, "close", exit: 0, "orderly",
            ["timestamps-dropped"], sent: "S . F. ."),
        EdgeCase(
            "another clock", later("another clock") { $0.options = $0.options.map(elsewhere) }, "close", exit: 0,
            "orderly", ["timestamp-jumped"], sent: "S . F. ."),
        EdgeCase(
            "timestamps without agreement",
            EdgeBehavior("unasked") { segment, _, replies in
                replies.changeSegments {
                    $0.options = segment.isSYN ? TCPOptions([.maximumSegmentSize(1400)]) : elsewhere(TCPOptions())
                }
            },
            "close", exit: 0, "orderly", ["mss-reduced", "option-not-negotiated"], sent: "S . F. ."),
        EdgeCase(
            "window taken back",
            EdgeBehavior("shrinks") { segment, _, replies in
                if !segment.tcp.payload.isEmpty { replies.changeSegments { $0.window = 10 } }
            },
            "close", "--send", "hello", exit: 0, "orderly", ["window-shrunk"], sent: nil),
    ]

    /// What IPv6 has not.
    static let traitsOfIPv4: [EdgeCase] = [
        EdgeCase(
            "RST without don't-fragment", reset { $0.ip.dontFragment = false }, "close", exit: 1,
            "[reset-after-fin, closing]", ["reset-after-fin", "df-changed"], sent: "S . F.")
    ]

    /// The options of a host with another clock.
    private static func elsewhere(_ options: TCPOptions) -> TCPOptions {
        TCPOptions([.noOperation, .noOperation, .timestamps(value: 0x5000_0000, echoReply: 1)]) ?? options
    }
}
