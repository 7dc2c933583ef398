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

    /// A reading of nothing yet.
    public init() {
        self.init(meanings: [], ourState: .closed, peerState: nil)
    }

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
