public import HandprobeWire

/// A captured ICMP error whose quote names our connection's addresses and ports.
public struct ObservedICMPError: Hashable, Sendable {
    /// Who sent it: the peer or a router.
    public var origin: Origin
    /// The error and its quote.
    public var error: ICMPError
    /// True when the quoted sequence number is of something we sent and that is not yet acknowledged (RFC 5927 §4).
    public var quotesOurs: Bool
    /// The captured frame from its link header on.
    public var frame: [UInt8]
    /// What the frame begins with.
    public var linkType: LinkType

    /// A captured error from its parts.
    public init(
        origin: Origin,
        error: ICMPError,
        quotesOurs: Bool,
        frame: [UInt8] = [],
        linkType: LinkType = .raw
    ) {
        self.origin = origin
        self.error = error
        self.quotesOurs = quotesOurs
        self.frame = frame
        self.linkType = linkType
    }
}
