import HandprobeJudge
import HandprobeReport
import HandprobeTestKit
import HandprobeWire

/// What is compared of one frame between tshark and us, in tshark's notation.
struct FrameFacts: Hashable {
    /// Names and values of fields that are one thing or another.
    var fields: [String: String] = [:]
    /// True when it repeats sequence numbers that were captured before.
    var repeats = false
    /// True when it leaves a gap before it, or fills one.
    var isOutOfOrder = false
    /// Its flags, and what we say of it first by the name of the meaning. An ACK that carries nothing is called that: it has
    /// no place in the sequence, whatever it means.
    var meaning = ""
    /// Everything we say of it, for a person.
    var words = ""
    /// The name of its file.
    var file = ""
    /// True when it, or a segment of its connection before it, has a wrong checksum. tshark follows such a segment, and
    /// its numbers may be anything; nobody else does. So what it says of the order from there on is worth nothing.
    var followsWrongChecksum = false

    /// The fields that are asked of tshark, in this order.
    static let names = [
        "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw",
        "tcp.flags", "tcp.window_size_value", "tcp.len", "tcp.options", "tcp.checksum.status", "icmp.type",
        "icmpv6.type",
        "tcp.analysis.retransmission", "tcp.analysis.fast_retransmission", "tcp.analysis.spurious_retransmission",
        "tcp.analysis.out_of_order", "tcp.analysis.lost_segment",
    ]

    /// A row of tshark's; nil for a frame that is no segment.
    init?(row: [String]) {
        guard row.count == Self.names.count else { return nil }
        var all: [String: String] = [:]
        for (name, value) in zip(Self.names, row) { all[name] = value }
        let value = { (name: String) in all[name] ?? "" }
        guard value("icmp.type").isEmpty, value("icmpv6.type").isEmpty, !value("tcp.srcport").isEmpty else {
            return nil
        }
        fields["source"] = value("ip.src") + value("ipv6.src")
        fields["destination"] = value("ip.dst") + value("ipv6.dst")
        for name in Self.names[4..<11] { fields[name] = value(name) }
        fields["tcp.options"] = value("tcp.options").filter { $0 != ":" }
        fields["tcp.checksum.status"] = value("tcp.checksum.status")
        repeats = Self.names[15..<18].contains { !value($0).isEmpty }
        isOutOfOrder = Self.names[18..<20].contains { !value($0).isEmpty }
    }

    /// A segment as we read it in the file with this name.
    init(_ observed: HandprobeJudge.ObservedSegment, _ reading: Reading, in file: String, followsWrongChecksum: Bool) {
        let (segment, header) = (observed.segment, observed.segment.header)
        fields = [
            "source": observed.ip.source.description,
            "destination": observed.ip.destination.description,
            "tcp.srcport": "\(header.sourcePort)",
            "tcp.dstport": "\(header.destinationPort)",
            "tcp.seq_raw": "\(segment.seq)",
            "tcp.ack_raw": "\(segment.ack)",
            "tcp.flags": "0x" + Self.hexadecimal(header.flags.rawValue, digits: 4),
            "tcp.window_size_value": "\(header.window)",
            "tcp.len": "\(segment.payload.count + observed.missingOctets)",
            "tcp.options": segment.options.octets.map { Self.hexadecimal(UInt16($0), digits: 2) }.joined(),
        ]
        fields["tcp.checksum.status"] =
            switch observed.checksum {
            // To tshark, what offload leaves to be filled in is bad.
            case .bad, .notFilledIn: "0"
            case .good: "1"
            case .unverifiable: "2"
            }
        for meaning in reading.meanings {
            switch meaning {
            case .requests(_, let attempt): if attempt > 1 { repeats = true }
            case .repeatsData: repeats = true
            case .carriesDataOutOfOrder: isOutOfOrder = true
            // What is in no sequence number cannot be there again.
            case .remark("the same packet again: the network repeated it"): if segment.len > 0 { repeats = true }
            default: break
            }
        }
        let first = reading.meanings.first.map { String("\($0)".prefix { $0 != "(" }) } ?? "nothing"
        let isEmptyAck = segment.flags == .ack && segment.payload.isEmpty && observed.missingOctets == 0
        meaning = isEmptyAck ? "an empty ACK" : "\(segment.flags.notation) \(first)"
        words = "\(reading.meanings)"
        self.file = file
        self.followsWrongChecksum = followsWrongChecksum
    }

    private static func hexadecimal(_ number: UInt16, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
