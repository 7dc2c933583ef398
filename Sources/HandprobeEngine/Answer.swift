/// How a client's SYN is answered.
public enum Answer: Hashable, Sendable {
    /// By SYN-ACK, at once.
    case synAck
    /// By ACK, then by a SYN of its own: request and confirmation apart, as RFC 9293 §3.5 has them before it merges them.
    case split
    /// By a SYN that does not acknowledge the client's, as if the two had crossed (RFC 9293 §3.5, figure 7).
    case simultaneous
    /// By SYN-ACK, so long after the first SYN.
    case late(Duration)
    /// By a SYN-ACK that acknowledges what the client never sent; a SYN after that is answered rightly.
    case wrongAck
    /// By the RST of a closed port (RFC 9293 §3.5.2).
    case reset
    /// Not at all, for so long.
    case drop(Duration)

    /// How often our own SYN, with or without ACK, goes out by the timer: with what else answers the SYN, no more than
    /// three segments.
    var mostSynAttempts: Int {
        switch self {
        case .split, .simultaneous: 2
        default: 3
        }
    }
}
