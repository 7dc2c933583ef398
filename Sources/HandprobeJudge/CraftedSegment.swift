import HandprobeTCP
import HandprobeWire

/// The one segment that `send` sends, and what RFC 9293 wants of a host that has no connection for it.
///
/// Whether the port there is closed or listens is not known (§3.10.7.1, §3.10.7.2), so what both may do is due.
struct CraftedSegment: Hashable, Sendable {
    /// What must come back.
    enum Due: Hashable, Sendable {
        /// Nothing: why, in a clause.
        case silence(String)
        /// SYN-ACK from a listening port, RST from a closed one.
        case synAckOrReset
        /// RST at exactly its acknowledgment from either.
        case reset
        /// RST from a closed port, nothing from a listening one.
        case resetOrSilence
    }

    var segment: TCPSegment
    var moment: Moment
    var due: Due
    /// False when every receiver discards it before it looks for a connection.
    var isSound: Bool

    init(_ observed: ObservedSegment, at moment: Moment) {
        segment = observed.segment
        self.moment = moment
        let flags = observed.segment.flags
        // What we craft ourselves leaves no checksum to a card: one that is not filled in is wrong on the wire.
        let flaw = observed.flaw ?? (observed.checksum == .notFilledIn ? "its checksum is wrong" : nil)
        isSound = flaw == nil
        due =
            if let flaw {
                .silence(flaw)
            } else if flags.contains(.rst) {
                .silence("a RST is never answered")
            } else if flags.contains(.ack) {
                .reset
            } else {
                flags.contains(.syn) ? .synAckOrReset : .resetOrSilence
            }
    }

    /// In what `reset` differs from the one that is due (RFC 9293 §3.5.2, groups 1 and 2), a clause for each difference.
    func differences(of reset: TCPSegment) -> [String] {
        var differences: [String] = []
        let hasAck = reset.flags.contains(.ack)
        if segment.flags.contains(.ack) {
            if hasAck { differences.append("it has ACK set") }
            if reset.seq != segment.ack { differences.append("SEQ is \(reset.seq), not our ACK, \(segment.ack)") }
        } else {
            if reset.seq != SequenceNumber(0) { differences.append("SEQ is \(reset.seq), not 0") }
            if !hasAck {
                differences.append("it has no ACK")
            } else if reset.ack != segment.end {
                differences.append("ACK is \(reset.ack), not our SEQ+LEN, \(segment.end)")
            }
        }
        if !reset.payload.isEmpty { differences.append("it carries \(Judge.count(reset.payload.count))") }
        return differences
    }
}
