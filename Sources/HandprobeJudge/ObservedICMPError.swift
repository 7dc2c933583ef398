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
    /// The interface it was captured on.
    public var interface: String
    /// Octets of the frame on the wire; more than were captured when the snaplen cut it.
    public var originalLength: Int

    /// A captured error from its parts; it was captured whole when `originalLength` is not given.
    public init(
        origin: Origin,
        error: ICMPError,
        quotesOurs: Bool,
        frame: [UInt8] = [],
        linkType: LinkType = .raw,
        interface: String = "",
        originalLength: Int? = nil
    ) {
        self.origin = origin
        self.error = error
        self.quotesOurs = quotesOurs
        self.frame = frame
        self.linkType = linkType
        self.interface = interface
        self.originalLength = originalLength ?? frame.count
    }
}
