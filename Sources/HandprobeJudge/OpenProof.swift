/// Why a connection is known to be open at the other end, strongest first.
public enum OpenProof: String, Hashable, Sendable, CaseIterable {
    /// Data or a FIN of ours was acknowledged.
    case ourOctetsAcknowledged = "our-octets-acknowledged"
    /// The peer sent data.
    case peerData = "peer-data"
    /// The peer sent a FIN without data.
    case peerFin = "peer-fin"
    /// An ACK, not a RST, answered the acknowledgment of an octet never sent.
    case challengeAnswered = "challenge-answered"
    /// The peer opened and acknowledged our SYN: who opens is open when it sends that (RFC 9293 §3.5, figure 6).
    case ourSynAcknowledged = "our-syn-acknowledged"
    /// No SYN-ACK was repeated for 1.2 s; weak.
    case noRepeatedSynAck = "no-repeated-syn-ack"
}
