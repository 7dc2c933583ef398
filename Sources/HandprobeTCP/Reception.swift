/// What SEGMENT ARRIVES made of a segment (RFC 9293 §3.10.7).
public enum Reception: Hashable, Sendable {
    /// It was acceptable and was processed to its end; what it advanced may be nothing.
    case acceptable(Advance)
    /// It completed the handshake, and whatever else it carried was processed.
    case established(Advance)
    /// It was a SYN that brought us to SYN-RECEIVED, from LISTEN or crossing ours.
    case synReceived
    /// Its text or FIN lies beyond a gap and is kept; the rest of it was processed.
    case outOfOrderKept(Advance)
    /// Its text or FIN lies beyond a gap and was dropped; the rest of it was processed.
    case outOfOrderDropped(Advance)
    /// An acceptable RST answered our SYN.
    case refused
    /// An exact RST ended the connection.
    case reset
    /// A RST or SYN in SYN-RECEIVED brought a passive opener back to LISTEN.
    case returnedToListen
    /// Nothing changed and a challenge ACK is due, unless ten went out within five seconds (RFC 5961 §7).
    case challenged(Challenge)
    /// All of it had been received before; it is acknowledged again.
    case duplicate
    /// It lies outside the receive window; our numbers are told again.
    case outOfWindow
    /// Its timestamp is older than the last one (RFC 7323 §5.3); our numbers are told again.
    case oldTimestamp
    /// Not yet synchronised, and it acknowledges what we never sent: a RST is due.
    case unacceptableAck
    /// There is no connection: a RST is due.
    case noConnection
    /// Nothing came of it.
    case ignored(Ignorance)

    /// What a challenge ACK answers.
    public enum Challenge: Hashable, Sendable {
        /// A RST in the window but not at RCV.NXT (RFC 5961 §3).
        case reset
        /// A SYN on a synchronised connection (RFC 5961 §4).
        case syn
        /// An ACK beyond SND.NXT (RFC 5961 §5).
        case futureAcknowledgment
        /// An ACK more than the largest window before SND.UNA (RFC 5961 §5).
        case ancientAcknowledgment
    }

    /// Why nothing came of a segment.
    public enum Ignorance: Hashable, Sendable {
        /// A RST where there is nothing to reset, in CLOSED or LISTEN.
        case resetWithoutConnection
        /// A RST in SYN-SENT that acknowledges nothing.
        case resetWithoutAck
        /// A RST in SYN-SENT that acknowledges something else than our SYN.
        case resetWithWrongAck
        /// A RST outside the receive window.
        case resetOutOfWindow
        /// Neither SYN nor RST in LISTEN or SYN-SENT.
        case noSyn
        /// No ACK on a synchronised connection.
        case noAck
    }

    /// What the segment advanced, where it was processed at all.
    public var advance: Advance? {
        switch self {
        case .acceptable(let advance), .established(let advance), .outOfOrderKept(let advance),
            .outOfOrderDropped(let advance):
            advance
        default: nil
        }
    }

    /// The same judgement with another advance; unchanged where there is none.
    func with(_ advance: Advance) -> Reception {
        switch self {
        case .acceptable: .acceptable(advance)
        case .established: .established(advance)
        case .outOfOrderKept: .outOfOrderKept(advance)
        case .outOfOrderDropped: .outOfOrderDropped(advance)
        default: self
        }
    }
}
