public import HandprobeWire

/// An interface of a test namespace and the addresses it was given.
public struct NetworkInterface: Sendable {
    /// The namespace it is in.
    public let namespace: NetworkNamespace
    /// Its name there.
    public let name: String
    /// Its index there: the scope of its link-local address.
    public let index: UInt32
    /// Its hardware address, six octets.
    public let hardwareAddress: [UInt8]
    /// Its IPv4 address, in a /24.
    public let ipv4: IPv4Address
    /// Its IPv6 address, in a /64.
    public let ipv6: IPv6Address
    /// Its link-local address, made from the hardware address (RFC 4291 §2.5.6).
    public let linkLocal: IPv6Address

    /// Its address of a family.
    public func address(_ family: IPAddress.Family) -> IPAddress {
        switch family {
        case .v4: .v4(ipv4)
        case .v6: .v6(ipv6)
        }
    }

    /// The text that names its link-local address to a program: `fe80::1%veth0`, on `interface` of the other end.
    public func linkLocalText(on interface: String) -> String { "\(linkLocal)%\(interface)" }

    /// Gives the interface `name` its addresses, brings it up and waits until they can be used.
    init(named name: String, in namespace: NetworkNamespace, subnet: Subnet, host: UInt8) throws {
        let (ipv4, ipv6) = (subnet.ipv4(host), subnet.ipv6(host))
        try namespace.ip(
            "addr add \(ipv4)/24 dev \(name)",
            "addr add \(ipv6)/64 dev \(name) nodad",
            "link set \(name) up"
        )
        var facts: InterfaceFacts?
        try waitUntil("\(name) has a carrier and its addresses") {
            try namespace.run {
                facts = try InterfaceFacts(of: name)
                return try facts?.isRunning == true && Self.hasLinkLocal(name)
            }
        }
        guard let facts else { throw TestKitError.missing(name) }
        self.namespace = namespace
        self.name = name
        index = facts.index
        hardwareAddress = facts.hardwareAddress
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        linkLocal = Self.linkLocal(of: facts.hardwareAddress)
    }

    /// IFA_F_TENTATIVE: duplicate address detection has not ended.
    private static let tentative: UInt32 = 0x40

    /// True when the interface has a link-local address that is not tentative any more.
    private static func hasLinkLocal(_ name: String) throws -> Bool {
        try readFile("/proc/net/if_inet6").split(separator: "\n").contains { line in
            let fields = line.split(separator: " ")
            guard fields.count == 6, fields[5] == name, fields[0].hasPrefix("fe80") else { return false }
            return UInt32(fields[4], radix: 16).map { $0 & tentative == 0 } ?? false
        }
    }

    /// The link-local address with the modified EUI-64 of a hardware address.
    static func linkLocal(of octets: [UInt8]) -> IPv6Address {
        let identifier = [octets[0] ^ 2, octets[1], octets[2], 0xFF, 0xFE, octets[3], octets[4], octets[5]]
        return IPv6Address(0xFE80 << 112 | UInt128(identifier.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
    }
}

/// One of the test networks: 10.77.0.0/24 with fd77::/64, 10.78.0.0/24 with fd78::/64.
struct Subnet: Sendable {
    let number: UInt8

    static let first = Subnet(number: 0x77)
    static let second = Subnet(number: 0x78)

    /// The IPv4 address of a host: 10.77.0.1.
    func ipv4(_ host: UInt8) -> IPv4Address {
        let decimal = UInt32(number >> 4) * 10 + UInt32(number & 15)
        return IPv4Address(10 << 24 | decimal << 16 | UInt32(host))
    }

    /// The IPv6 address of a host: fd77::1.
    func ipv6(_ host: UInt8) -> IPv6Address {
        IPv6Address((0xFD00 | UInt128(number)) << 112 | UInt128(host))
    }
}
