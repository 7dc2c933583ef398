internal import HandprobeWire

extension IPAddress {
    /// The address's four or sixteen octets, most significant first.
    var octets: [UInt8] {
        switch self {
        case .v4(let address): NetlinkRequest.octets(of: address.rawValue.bigEndian)
        case .v6(let address): NetlinkRequest.octets(of: address.rawValue.bigEndian)
        }
    }

    /// The address of four or sixteen octets; nil for any other number of them.
    init?(octets: [UInt8]) {
        switch octets.count {
        case 4: self = .v4(IPv4Address(octets.reduce(0) { $0 << 8 | UInt32($1) }))
        case 16: self = .v6(IPv6Address(octets.reduce(0) { $0 << 8 | UInt128($1) }))
        default: return nil
        }
    }
}
