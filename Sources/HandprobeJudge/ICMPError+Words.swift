public import HandprobeWire

extension ICMPError {
    /// What an error means for a connection, whatever its family.
    enum Kind: Hashable, Sendable {
        case unreachable, tooBig, hopLimit, other

        /// The finding it is while our SYN has no answer, or after it has one.
        func finding(hasAnswer: Bool) -> FindingCode {
            switch self {
            case .tooBig: .packetTooBig
            case .unreachable where !hasAnswer: .filteredByICMP
            case .hopLimit where !hasAnswer: .hopLimitExceeded
            default: .icmpSoftError
            }
        }
    }

    var kind: Kind {
        switch (family, type) {
        case (.v4, 3): code == 4 ? .tooBig : .unreachable
        case (.v4, 11), (.v6, 3): .hopLimit
        case (.v6, 1): .unreachable
        case (.v6, 2): .tooBig
        default: .other
        }
    }

    /// What the error says, in the words of RFC 792, RFC 1122, RFC 1812 and RFC 4443:
    /// `destination unreachable: administratively prohibited`.
    public var words: String {
        switch (family, type) {
        case (.v4, 3) where code == 4: "fragmentation needed, next-hop MTU \(parameter & 0xFFFF)"
        case (.v4, 3): "destination unreachable: \(Self.name(of: code, in: Self.unreachable))"
        case (.v4, 4): "source quench"
        case (.v4, 5): "redirect, code \(code)"
        case (.v4, 11), (.v6, 3): code == 1 ? "reassembly time exceeded" : "hop limit exceeded in transit"
        case (.v4, 12): "parameter problem at octet \(parameter >> 24)"
        case (.v6, 1): "destination unreachable: \(Self.name(of: code, in: Self.unreachable6))"
        case (.v6, 2): "packet too big, MTU \(parameter)"
        case (.v6, 4): "parameter problem at octet \(parameter)"
        default: "ICMP\(family == .v6 ? "v6" : "") type \(type) code \(code)"
        }
    }

    private static func name(of code: UInt8, in names: [String]) -> String {
        Int(code) < names.count ? names[Int(code)] : "code \(code)"
    }

    private static let unreachable = [
        "network unreachable", "host unreachable", "protocol unreachable", "port unreachable",
        "fragmentation needed", "source route failed", "network unknown", "host unknown", "source host isolated",
        "network prohibited", "host prohibited", "network unreachable for this type of service",
        "host unreachable for this type of service", "administratively prohibited", "host precedence violation",
        "precedence cut-off",
    ]

    private static let unreachable6 = [
        "no route", "administratively prohibited", "beyond scope of source address", "address unreachable",
        "port unreachable", "source address failed policy", "route rejected", "error in source routing header",
    ]
}
