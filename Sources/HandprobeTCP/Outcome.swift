/// Why a connection is CLOSED after having been open or opening.
public enum Outcome: Hashable, Sendable {
    /// Both FINs were confirmed.
    case closedInOrder
    /// The peer answered our SYN with an acceptable RST.
    case refused
    /// The peer reset the connection in this state.
    case reset(in: ConnectionState)
    /// The last attempt went unanswered.
    case gaveUp(Awaited)
    /// We reset it (RFC 9293 §3.10.5).
    case aborted
    /// We closed before there was a connection, in LISTEN or SYN-SENT (RFC 9293 §3.10.4).
    case abandoned

    /// What was waited for in vain.
    public enum Awaited: Hashable, Sendable {
        /// An answer to our SYN, or the ACK of our SYN-ACK.
        case synAcknowledgment
        /// The ACK of our data.
        case dataAcknowledgment
        /// The ACK of our FIN.
        case finAcknowledgment
        /// An answer to probes of a closed window.
        case windowUpdate
    }
}
