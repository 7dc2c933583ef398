internal import CLinuxNet
internal import CPcap
internal import Glibc

/// One netlink message that came back: its type, its fixed part and its attributes.
struct NetlinkReply {
    /// The message type (RTM_NEWROUTE, …).
    var type: UInt16
    /// The octets of the fixed part.
    var fixedPart: [UInt8]
    /// Each attribute's octets by its type; of a repeated one the last.
    var attributes: [Int: [UInt8]]

    /// Reads attributes that lie one behind the other; stops at the first that cannot be one.
    static func attributes(in octets: ArraySlice<UInt8>) -> [Int: [UInt8]] {
        var attributes: [Int: [UInt8]] = [:]
        var rest = octets
        while let length = number(in: rest, at: 0, as: UInt16.self).map(Int.init), length >= 4, length <= rest.count,
            let type = number(in: rest, at: 2, as: UInt16.self)
        {
            // The two upper bits mark nesting and network order (NLA_F_NESTED, NLA_F_NET_BYTEORDER).
            attributes[Int(type & 0x3FFF)] = Array(rest.dropFirst(4).prefix(length - 4))
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return attributes
    }

    /// The number at `offset` in this machine's order; nil when the octets end before it does.
    static func number<Value: FixedWidthInteger>(
        in octets: some Collection<UInt8>,
        at offset: Int,
        as type: Value.Type
    ) -> Value? {
        let part = octets.dropFirst(offset).prefix(Value.bitWidth / 8)
        guard part.count == Value.bitWidth / 8 else { return nil }
        return Value(littleEndian: part.reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) })
    }

    /// A 32-bit attribute.
    func uint32(_ type: Int) -> UInt32? {
        attributes[type].flatMap { Self.number(in: $0, at: 0, as: UInt32.self) }
    }

    /// A text attribute, without its final zero.
    func text(_ type: Int) -> String? {
        attributes[type].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
