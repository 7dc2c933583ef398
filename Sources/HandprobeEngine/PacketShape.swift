/// The IP header fields that a conversation puts around its segments.
public struct PacketShape: Hashable, Sendable {
    /// Time to live or hop limit.
    public var hopLimit: UInt8
    /// Type of service or traffic class.
    public var trafficClass: UInt8
    /// IPv4 don't-fragment.
    public var dontFragment: Bool
    /// IPv6 flow label, twenty bits.
    public var flowLabel: UInt32
    /// IPv4 identification of the first packet; each further one counts up.
    public var identification: UInt16

    /// A shape; the identification should be random and not zero, which the kernel would replace.
    public init(
        hopLimit: UInt8 = 64,
        trafficClass: UInt8 = 0,
        dontFragment: Bool = true,
        flowLabel: UInt32 = 0,
        identification: UInt16 = 1
    ) {
        self.hopLimit = hopLimit
        self.trafficClass = trafficClass
        self.dontFragment = dontFragment
        self.flowLabel = flowLabel
        self.identification = identification
    }
}
