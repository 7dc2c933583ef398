public import HandprobeWire

/// One request and what became of it. What did not happen is nil, never zero.
public struct RequestRecord: Hashable, Sendable {
    /// When each attempt was made: the first one and its retransmissions. At most the first 32.
    public var attempts: [Timestamp] = []
    /// How many attempts were made, those beyond the first 32 included.
    public var attemptCount = 0
    /// When it was confirmed, that is, when a segment that covers it was captured.
    public var confirmedAt: Timestamp?
    /// The event that confirmed it, by index in the transcript.
    public var confirmedBy: Int?
    /// What that segment was: `ACK`, `SYN,ACK`, `FIN,ACK`, `data`.
    public var confirmingFlags: TCPFlags?
    /// The attempt the confirmation answers, counted from 1; nil when it cannot be told which.
    public var creditedAttempt: Int?
    /// Why it was not confirmed, in a clause, when it was made and not confirmed.
    public var unconfirmedBecause: String?

    /// A request not made.
    public init() {}

    /// When it was first made.
    public var madeAt: Timestamp? { attempts.first }
}
