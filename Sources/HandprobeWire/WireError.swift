/// A part of a frame that octets are read as.
public enum WireLayer: String, Hashable, Sendable {
    case link, ipv4, ipv6, extensionHeader, tcp, tcpOptions, icmp, icmpv6
}

/// Why octets could not be read as what they claim to be.
public enum WireError: Error, Hashable, Sendable {
    /// Fewer octets than the layer needs. `offset` is where the layer begins in the frame.
    case truncated(layer: WireLayer, needed: Int, available: Int, offset: Int)
    /// A length field contradicts its own layer: a header length below the minimum or past the end.
    case badLength(layer: WireLayer, value: Int, offset: Int)
    /// The version nibble is not the one the layer must have.
    case badVersion(UInt8, offset: Int)
    /// A link type this program cannot read (its LINKTYPE number).
    case unsupportedLinkType(UInt32)
}

extension WireError: CustomStringConvertible {
    /// One sentence naming the layer, what was needed, what there was, and where.
    public var description: String {
        switch self {
        case .truncated(let layer, let needed, let available, let offset):
            "\(layer.rawValue) at octet \(offset) needs \(needed) octets, \(available) are there"
        case .badLength(let layer, let value, let offset):
            "\(layer.rawValue) at octet \(offset) gives an impossible length of \(value)"
        case .badVersion(let version, let offset):
            "octet \(offset) gives IP version \(version)"
        case .unsupportedLinkType(let type):
            "link type \(type) cannot be read"
        }
    }

    /// The same error as seen from a frame in which the layer's octets begin `base` octets further in.
    public func shifted(by base: Int) -> WireError {
        switch self {
        case .truncated(let layer, let needed, let available, let offset):
            .truncated(layer: layer, needed: needed, available: available, offset: offset + base)
        case .badLength(let layer, let value, let offset):
            .badLength(layer: layer, value: value, offset: offset + base)
        case .badVersion(let version, let offset):
            .badVersion(version, offset: offset + base)
        case .unsupportedLinkType:
            self
        }
    }
}
