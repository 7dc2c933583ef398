/// An IPv4 address, 32 bits in host order.
public struct IPv4Address: Hashable, Sendable {
    /// The address, most significant octet first: 127.0.0.1 is 0x7F000001.
    public var rawValue: UInt32

    /// Creates an address from its 32 bits, in host order.
    @inlinable
    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// 0.0.0.0
    public static let unspecified = IPv4Address(0)
    /// 127.0.0.1
    public static let loopback = IPv4Address(0x7F00_0001)
}

/// An IPv6 address, 128 bits in host order.
public struct IPv6Address: Hashable, Sendable {
    // Two words, not one UInt128: Swift 6.3 takes a struct of 16-byte alignment that came in registers through a stack
    // slot of 8-byte alignment, and an unoptimised build then traps on it (movaps), now and then.
    @usableFromInline
    var upper: UInt64
    @usableFromInline
    var lower: UInt64

    /// The address, most significant octet first: ::1 is 1.
    @inlinable
    public var rawValue: UInt128 {
        get { UInt128(upper) << 64 | UInt128(lower) }
        set {
            upper = UInt64(truncatingIfNeeded: newValue >> 64)
            lower = UInt64(truncatingIfNeeded: newValue)
        }
    }

    /// Creates an address from its 128 bits, in host order.
    @inlinable
    public init(_ rawValue: UInt128) {
        upper = UInt64(truncatingIfNeeded: rawValue >> 64)
        lower = UInt64(truncatingIfNeeded: rawValue)
    }

    /// ::
    public static let unspecified = IPv6Address(0)
    /// ::1
    public static let loopback = IPv6Address(1)
}

/// An address of either family.
public enum IPAddress: Hashable, Sendable {
    case v4(IPv4Address)
    case v6(IPv6Address)

    /// An IP protocol family.
    public enum Family: Hashable, Sendable {
        case v4, v6
    }

    /// The family.
    @inlinable
    public var family: Family {
        switch self {
        case .v4: .v4
        case .v6: .v6
        }
    }

    /// fe80::/10: meaningful only together with a scope, the interface.
    public var isLinkLocal: Bool {
        if case .v6(let address) = self { address.rawValue >> 118 == 0x3FA } else { false }
    }

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        switch self {
        case .v4(let address): address.rawValue >> 24 == 127
        case .v6(let address): address == .loopback
        }
    }

    /// 224.0.0.0/4 or ff00::/8. TCP has no meaning towards a group (RFC 9293 §3.9.2.3).
    public var isMulticast: Bool {
        switch self {
        case .v4(let address): address.rawValue >> 28 == 0xE
        case .v6(let address): address.rawValue >> 120 == 0xFF
        }
    }

    /// 0.0.0.0 or ::.
    public var isUnspecified: Bool {
        switch self {
        case .v4(let address): address == .unspecified
        case .v6(let address): address == .unspecified
        }
    }

    /// ::ffff:0:0/96: an IPv4 address in IPv6 notation, which never appears on a wire (RFC 4291 §2.5.5.2).
    public var isIPv4Mapped: Bool {
        if case .v6(let address) = self { address.rawValue >> 32 == 0xFFFF } else { false }
    }

    /// 255.255.255.255. Broadcast addresses of a subnet are known only to the routing table.
    public var isLimitedBroadcast: Bool {
        self == .v4(IPv4Address(.max))
    }
}

extension IPv4Address: LosslessStringConvertible {
    /// Four decimal numbers with dots.
    public var description: String {
        // Not piece by piece, which takes ten times as long: tables have many addresses.
        unsafe String(unsafeUninitializedCapacity: 15) { unsafe write(to: $0, at: 0) }
    }

    /// Writes the text at `start`; returns where it ends.
    func write(to octets: UnsafeMutableBufferPointer<UInt8>, at start: Int) -> Int {
        var end = start
        for shift in stride(from: 24, through: 0, by: -8) {
            if shift < 24 {
                unsafe octets[end] = UInt8(ascii: ".")
                end += 1
            }
            end = unsafe UInt16(truncatingIfNeeded: rawValue >> UInt32(shift) & 0xFF).writeDecimal(to: octets, at: end)
        }
        return end
    }

    /// Reads exactly four decimal numbers, each without leading zeros; nil for anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard let octet = UInt8(part), String(octet) == part else { return nil }
            value = value << 8 | UInt32(octet)
        }
        self.init(value)
    }
}

extension IPv6Address: LosslessStringConvertible {
    /// The canonical text of RFC 5952: lower case, the longest run of two or more zero groups as `::`.
    public var description: String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: rawValue >> UInt128(112 - 16 * $0)) }
        if groups[0..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            return "::ffff:\(IPv4Address(UInt32(truncatingIfNeeded: rawValue)))"
        }
        var longest = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > longest.count { longest = start..<end }
            start = max(end, start + 1)
        }
        let hex = { (range: Range<Int>) in groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
        guard longest.count >= 2 else { return hex(0..<8) }
        return hex(0..<longest.lowerBound) + "::" + hex(longest.upperBound..<8)
    }

    /// Reads the forms of RFC 4291 §2.2, the one that ends in an IPv4 address too; nil for anything else.
    public init?(_ description: String) {
        let halves = description.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = Self.groups(halves[0], mayEndInIPv4: halves.count == 1) else { return nil }
        guard halves.count == 2 else {
            guard head.count == 8 else { return nil }
            self.init(Self.join(head))
            return
        }
        guard let tail = Self.groups(halves[1], mayEndInIPv4: true), head.count + tail.count <= 7 else { return nil }
        self.init(Self.join(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail))
    }

    private static func groups(_ text: Substring, mayEndInIPv4: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, part.contains(".") {
                guard let address = IPv4Address(String(part)) else { return nil }
                groups.append(UInt16(address.rawValue >> 16))
                groups.append(UInt16(address.rawValue & 0xFFFF))
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy({ $0.isASCII && $0.isHexDigit }),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func join(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }
}

extension IPAddress: LosslessStringConvertible {
    /// The address alone, without brackets.
    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }

    /// Reads an address of either family, without brackets or scope; nil for anything else.
    public init?(_ description: String) {
        if let address = IPv4Address(description) {
            self = .v4(address)
        } else if let address = IPv6Address(description) {
            self = .v6(address)
        } else {
            return nil
        }
    }
}
