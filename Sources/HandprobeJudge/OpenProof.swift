/// Why a connection is known to be open at the other end, strongest first.
public enum OpenProof: String, Hashable, Sendable, CaseIterable {
    /// Data or a FIN of ours was acknowledged.
    case ourOctetsAcknowledged = "our-octets-acknowledged"
    /// The peer sent data.
    case peerData = "peer-data"
    /// An ACK, not a RST, answered the acknowledgment of an octet never sent.
    case challengeAnswered = "challenge-answered"
    /// No SYN-ACK was repeated for 1.2 s; weak.
    case noRepeatedSynAck = "no-repeated-syn-ack"
}
