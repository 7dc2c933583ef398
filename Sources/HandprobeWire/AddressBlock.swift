/// The addresses that begin with the same bits (CIDR, RFC 4632 §3.1, RFC 4291 §2.3).
public struct AddressBlock: Hashable, Sendable {
    /// The lowest address of the block: every bit after the prefix is 0.
    public let first: IPAddress
    /// How many leading bits they share.
    public let prefixLength: Int

    /// The block of `prefixLength` bits that `address` is in; nil for more bits than an address has.
    public init?(_ address: IPAddress, prefixLength: Int) {
        guard (0...address.width).contains(prefixLength) else { return nil }
        first = address.keeping(prefixLength)
        self.prefixLength = prefixLength
    }

    /// True for an address of the same family with the same prefix.
    public func contains(_ address: IPAddress) -> Bool {
        address.family == first.family && address.keeping(prefixLength) == first
    }
}

extension AddressBlock: LosslessStringConvertible {
    /// `10.0.0.0/8`
    public var description: String { "\(first)/\(prefixLength)" }

    /// Reads `address/length`, or an address alone, which is a block of one; nil for anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }), parts.count <= 2 else { return nil }
        guard parts.count == 2 else {
            self.init(address, prefixLength: address.width)
            return
        }
        guard let length = UInt8(parts[1]), String(length) == parts[1] else { return nil }
        self.init(address, prefixLength: Int(length))
    }
}

extension IPAddress {
    /// The bits of an address.
    fileprivate var width: Int { family == .v4 ? 32 : 128 }

    /// The address with every bit after the first `count` cleared.
    fileprivate func keeping(_ count: Int) -> IPAddress {
        switch self {
        case .v4(let address): .v4(IPv4Address(address.rawValue & ~(UInt32.max >> UInt32(count))))
        case .v6(let address): .v6(IPv6Address(address.rawValue & ~(UInt128.max >> UInt128(count))))
        }
    }
}
