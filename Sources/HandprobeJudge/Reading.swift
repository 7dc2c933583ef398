public import HandprobeTCP

/// What the judge makes of one event, for whoever shows it at once.
public struct Reading: Hashable, Sendable {
    /// What the event means, most important first; empty when it means nothing new.
    public var meanings: [Meaning]
    /// Our state after it, as seen from outside.
    public var ourState: ConnectionState
    /// The peer's state after it, as far as it can be inferred; nil when it cannot.
    public var peerState: ConnectionState?
    /// Sequence number, relative to its sender's initial one, of the segment; nil for an event without segment.
    public var relativeSeq: Int?
    /// Acknowledgment number relative to the other end's initial one; nil without ACK.
    public var relativeAck: Int?

    /// A reading from its parts.
    public init(
        meanings: [Meaning],
        ourState: ConnectionState,
        peerState: ConnectionState?,
        relativeSeq: Int? = nil,
        relativeAck: Int? = nil
    ) {
        self.meanings = meanings
        self.ourState = ourState
        self.peerState = peerState
        self.relativeSeq = relativeSeq
        self.relativeAck = relativeAck
    }
}

/// What one segment or error does in the conversation.
public enum Meaning: Hashable, Sendable {
    /// Makes a request for the n-th time (1 is the first).
    case requests(RequestKind, attempt: Int)
    /// Confirms a request.
    case confirms(RequestKind)
    /// Confirms a request that was confirmed already.
    case confirmsAgain(RequestKind)
    /// Carries this many octets not seen before.
    case carriesData(octets: Int)
    /// Carries octets seen before.
    case repeatsData(octets: Int)
    /// Carries octets beyond a gap.
    case carriesDataOutOfOrder(octets: Int)
    /// Confirms this many octets of data for the first time.
    case confirmsData(octets: Int)
    /// Asks whether the other end is synchronised, by acknowledging an octet it has not sent.
    case asksForProof
    /// Proves the connection open.
    case provesOpen(OpenProof)
    /// Answers a segment that is not acceptable with the state of the connection (RFC 5961 §3 to §5).
    case challenges
    /// Breaks the connection off.
    case resets(ResetExactness)
    /// Asks whether the other end has forgotten the connection, after a RST.
    case asksWhetherForgotten
    /// Shows that the other end has forgotten the connection.
    case confirmsForgotten
    /// Is not believed, acted upon or credited: why, in a clause.
    case isDisregarded(String)
    /// An ICMP error: what it says, in a clause.
    case reportsError(String)
    /// Anything else, in a clause.
    case remark(String)
}

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
