/// What a segment from `poll(at:)` is for, and which attempt it is.
public struct Transmission: Hashable, Sendable {
    /// What a segment is for.
    public enum Kind: Hashable, Sendable {
        /// Our request to open.
        case syn
        /// Our request to open together with the confirmation of the peer's.
        case synAck
        /// Nothing but an acknowledgment.
        case ack
        /// Text.
        case data
        /// Our request to close, with or without the last text.
        case fin
        /// A reset.
        case rst
        /// One octet, or the FIN, sent into a closed window (RFC 9293 §3.8.6.1).
        case windowProbe
        /// A challenge ACK (RFC 5961).
        case challenge
    }

    /// What the segment is for.
    public var kind: Kind
    /// 1 for a first transmission, 2 for the first repetition by the timer, and so on.
    public var attempt: Int

    /// A purpose and an attempt.
    public init(kind: Kind, attempt: Int = 1) {
        self.kind = kind
        self.attempt = attempt
    }
}
