/// How a RST fits the receiver's expectations (RFC 9293 §3.5.3, RFC 5961 §3).
public enum ResetExactness: String, Hashable, Sendable {
    /// At exactly RCV.NXT, or in SYN-SENT acknowledging exactly our SYN.
    case exact
    /// Inside the window, not at its edge.
    case inWindow = "in-window"
    /// Outside the window.
    case outOfWindow = "out-of-window"
    /// Answers nothing that was sent: in SYN-SENT without ACK, or acknowledging something else.
    case stray
}
