public import HandprobeTCP
import HandprobeWire

/// What a peer made of a SYN between two sockets that had a connection just before.
public struct TupleReuse: Hashable, Sendable {
    /// How it answered the first SYN.
    public enum Answer: String, Hashable, Sendable {
        /// By SYN-ACK.
        case accepted
        /// By an ACK of the connection before.
        case challenged
        /// By RST.
        case reset
        /// Not at all.
        case silence
    }

    /// The peer's state when the connection before had ended, as its segments showed it.
    public var peerState: ConnectionState?
    /// How it answered the first SYN.
    public var answer: Answer
    /// True when the new connection was open in the end.
    public var isOpened: Bool
    /// True when the SYN's timestamp is later than the last one of the connection before; nil without both.
    public var isTimestampLater: Bool?
    /// True when the SYN lies beyond everything that was sent in the connection before.
    public var isSequenceLater: Bool

    /// What happened, from its parts.
    public init(
        peerState: ConnectionState?,
        answer: Answer,
        isOpened: Bool,
        isTimestampLater: Bool?,
        isSequenceLater: Bool
    ) {
        self.peerState = peerState
        self.answer = answer
        self.isOpened = isOpened
        self.isTimestampLater = isTimestampLater
        self.isSequenceLater = isSequenceLater
    }

    /// What happened, and why by the RFCs.
    public var sentence: String {
        guard peerState == .timeWait else { return "\(before), and \(words)" }
        let grounds =
            isTimestampLater == true
            ? "its timestamp is later than the last one (RFC 6191 §2)"
            : isSequenceLater
                ? "it lies beyond the last sequence number (RFC 9293 §3.6.1, MAY-2)"
                : nil
        switch answer {
        case .accepted:
            return grounds.map { "the peer was in TIME-WAIT and accepted the SYN: \($0)" }
                ?? "the peer accepted the SYN although nothing in it is later: it no longer was in TIME-WAIT, or does not check"
        case .challenged:
            let why = grounds.map { "although \($0)" } ?? "nothing in it is later, so it may be an old duplicate"
            let then =
                isOpened
                ? "; our RST in reply ended its TIME-WAIT, and the SYN sent again was accepted (RFC 1337)" : ""
            return "the peer was in TIME-WAIT and answered the SYN with an ACK of the connection before: \(why)\(then)"
        case .reset, .silence:
            return "the peer was in TIME-WAIT, and \(words)"
        }
    }

    private var before: String {
        switch peerState {
        case .lastAck, .closed, nil: "the peer had nothing left of the connection before"
        case let state?: "the peer was last seen in \(state.rawValue)"
        }
    }

    private var words: String {
        switch answer {
        case .accepted: "accepted the SYN as any other"
        case .challenged: "answered the SYN with an ACK of another connection (RFC 9293 §3.10.7.4)"
        case .reset: "answered the SYN with RST"
        case .silence: "did not answer the SYN"
        }
    }
}

/// Follows connections between the same two sockets, one after the other.
public struct TupleHistory: Sendable {
    /// What of one connection bears on the next.
    private struct Course {
        var syn: SequenceNumber?
        var synTimestamp: UInt32?
        var latestTimestamp: UInt32?
        var end: SequenceNumber?
        var answer: TupleReuse.Answer?
        var isOpened = false
        var peerState: ConnectionState?
    }

    private var previous: Course?
    private var current = Course()

    /// Before the first connection.
    public init() {}

    /// Takes an event of the connection at hand.
    public mutating func observe(_ event: Event, _ reading: Reading) {
        if let state = reading.peerState { current.peerState = state }
        if reading.meanings.contains(.confirms(.ourSyn)) { current.isOpened = true }
        guard case .segment(let observed) = event.kind, observed.flaw == nil else { return }
        let segment = observed.segmentOnWire
        switch observed.origin {
        case .us:
            if segment.flags.contains(.syn), current.syn == nil {
                current.syn = segment.seq
                current.synTimestamp = segment.options.timestampValue
            }
            guard !segment.flags.contains(.rst) else { return }
            if current.end.map({ $0.isBefore(segment.end) }) ?? true { current.end = segment.end }
            current.latestTimestamp = segment.options.timestampValue ?? current.latestTimestamp
        case .peer where current.answer == nil && current.syn != nil:
            if segment.flags.contains(.rst) {
                current.answer = .reset
            } else if segment.flags.contains(.ack) {
                current.answer = segment.flags.contains(.syn) ? .accepted : .challenged
            }
        default: break
        }
    }

    /// The connection at hand has ended: what its SYN met; nil for the first.
    public mutating func next() -> TupleReuse? {
        defer {
            previous = current
            current = Course()
        }
        guard let previous, let syn = current.syn, let end = previous.end else { return nil }
        var isTimestampLater: Bool?
        if let earlier = previous.latestTimestamp, let later = current.synTimestamp {
            isTimestampLater = SequenceNumber(earlier).isBefore(SequenceNumber(later))
        }
        return TupleReuse(
            peerState: previous.peerState,
            answer: current.answer ?? .silence,
            isOpened: current.isOpened,
            isTimestampLater: isTimestampLater,
            isSequenceLater: end.isAtOrBefore(syn)
        )
    }
}

extension TCPOptions {
    /// TSval, where there is one.
    fileprivate var timestampValue: UInt32? {
        for case .timestamps(let value, _) in options { return value }
        return nil
    }
}
