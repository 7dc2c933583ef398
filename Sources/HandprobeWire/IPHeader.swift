/// The IP header of a captured packet, either version.
public enum IPHeader: Hashable, Sendable {
    case v4(IPv4Header)
    /// The fixed header and the protocol numbers of the extension headers that were walked, in order.
    case v6(IPv6Header, extensions: [UInt8])

    /// Source address.
    public var source: IPAddress {
        switch self {
        case .v4(let header): .v4(header.source)
        case .v6(let header, _): .v6(header.source)
        }
    }

    /// Destination address.
    public var destination: IPAddress {
        switch self {
        case .v4(let header): .v4(header.destination)
        case .v6(let header, _): .v6(header.destination)
        }
    }

    /// Time to live or hop limit, in hops.
    public var hopLimit: UInt8 {
        switch self {
        case .v4(let header): header.timeToLive
        case .v6(let header, _): header.hopLimit
        }
    }

    /// Type of service or traffic class.
    public var trafficClass: UInt8 {
        switch self {
        case .v4(let header): header.typeOfService
        case .v6(let header, _): header.trafficClass
        }
    }
}
