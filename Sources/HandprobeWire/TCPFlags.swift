/// The control bits of a TCP header, with the reserved ones (RFC 9293 §3.1, RFC 3168 §6.1, RFC 9768 §3.1.1).
///
/// The raw value holds the twelve bits that follow the data offset: 0x800, 0x400 and 0x200 are reserved.
public struct TCPFlags: OptionSet, Hashable, Sendable {
    /// Twelve bits as on the wire; higher bits are never sent.
    public var rawValue: UInt16

    /// Creates flags from the low twelve bits of `rawValue`.
    @inlinable
    public init(rawValue: UInt16) {
        self.rawValue = rawValue & 0x0FFF
    }

    /// No more data from sender.
    public static let fin = TCPFlags(rawValue: 0x001)
    /// Synchronize sequence numbers.
    public static let syn = TCPFlags(rawValue: 0x002)
    /// Reset the connection.
    public static let rst = TCPFlags(rawValue: 0x004)
    /// Push function.
    public static let psh = TCPFlags(rawValue: 0x008)
    /// The acknowledgment field is significant.
    public static let ack = TCPFlags(rawValue: 0x010)
    /// The urgent pointer is significant.
    public static let urg = TCPFlags(rawValue: 0x020)
    /// ECN-Echo (RFC 3168).
    public static let ece = TCPFlags(rawValue: 0x040)
    /// Congestion Window Reduced (RFC 3168).
    public static let cwr = TCPFlags(rawValue: 0x080)
    /// Accurate ECN, formerly the nonce sum (RFC 9768).
    public static let ae = TCPFlags(rawValue: 0x100)
    /// The three bits that no standard has given a meaning.
    public static let reserved = TCPFlags(rawValue: 0xE00)
}
