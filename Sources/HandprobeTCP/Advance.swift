/// What one segment moved forward.
public struct Advance: Hashable, Sendable {
    /// It acknowledged our SYN.
    public var synAcknowledged = false
    /// Octets of our data that it was the first to acknowledge.
    public var acknowledgedOctets = 0
    /// It acknowledged our FIN.
    public var finAcknowledged = false
    /// Octets that became ready for `receive()`, with those that had waited behind the gap it filled.
    public var deliveredOctets = 0
    /// The peer's FIN was reached in order.
    public var peerFin = false
    /// Octets after the peer's FIN, which nobody may send and nobody reads.
    public var octetsAfterFin = 0
    /// The round trip it completed; nil when it completed none, or when it cannot be told which attempt it answers (Karn).
    public var roundTrip: Duration?

    /// Nothing.
    public init() {}
}
