/// How a captured SYN looks, without what belongs to its own connection: addresses, ports, sequence number and text.
public struct SynPattern: Hashable, Sendable {
    /// The option octets; the clock in them is the captured one.
    public var options: TCPOptions
    /// The control bits.
    public var flags: TCPFlags
    /// The window field.
    public var window: UInt16
    /// Time to live or hop limit, as it was where it was captured.
    public var hopLimit: UInt8
    /// Type of service or traffic class.
    public var trafficClass: UInt8
    /// Don't fragment; true for IPv6, which no router fragments.
    public var dontFragment: Bool
    /// False for an IPv6 packet whose flow label is zero.
    public var hasFlowLabel: Bool
    /// False for an IPv4 packet whose identification is zero.
    public var hasIdentification: Bool
    /// Octets of text on it.
    public var textLength: Int
    /// True when the capture cut its options, so that `options` are not all that it had.
    public var isCut: Bool

    /// The SYN in a frame with which a connection is asked for; nil when it is none, or one that no receiver can have taken.
    public init?(_ dissection: Dissection) {
        guard case .tcp(let segment, let checksum)? = dissection.transport, checksum != .bad,
            let ip = dissection.ip, dissection.fragment == nil,
            segment.flags.intersection([.syn, .ack, .rst, .fin]) == .syn
        else { return nil }
        switch dissection.problem {
        case .truncated(layer: .tcpOptions, _, _, _)?: isCut = true
        case nil: isCut = false
        default: return nil
        }
        options = segment.options
        flags = segment.flags
        window = segment.wnd
        hopLimit = ip.hopLimit
        trafficClass = ip.trafficClass
        textLength = segment.payload.count + max(0, dissection.missingOctets)
        switch ip {
        case .v4(let header):
            dontFragment = header.dontFragment
            hasFlowLabel = true
            hasIdentification = header.identification != 0
        case .v6(let header, _):
            dontFragment = true
            hasFlowLabel = header.flowLabel != 0
            hasIdentification = true
        }
    }

    /// Why a copy could not mean what the original meant, in a clause; nil where it can.
    ///
    /// Who has a key can sign by MD5.
    public func obstacle(hasKey: Bool) -> String? {
        if hopLimit == 0 { return "its time to live is 0, and a copy would reach nobody" }
        for case .unknown(let kind, let octets) in options.options {
            switch kind {
            case 19 where !hasKey:
                return "it is signed with the TCP MD5 option (RFC 2385), and a copy would need the key"
            case 29: return "it is signed with TCP-AO (RFC 5925), and a copy would need the key"
            case 30 where octets.first.map { $0 >> 4 } == 1:
                return "it joins a Multipath TCP connection (RFC 8684 §3.2), which only who opened that one can do"
            default: break
            }
        }
        return nil
    }
}
