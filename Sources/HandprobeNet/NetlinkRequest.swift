internal import CLinuxNet
internal import CPcap
internal import Glibc

/// A netlink request being written: header, fixed part, attributes, all in this machine's order (RFC 3549 §2.3).
struct NetlinkRequest {
    /// The octets so far.
    private(set) var octets: [UInt8] = []

    /// A request of `type` with the octets of its fixed part.
    init(type: UInt16, flags: UInt16, fixedPart: [UInt8]) {
        append(UInt32(0))
        append(type)
        append(flags | UInt16(NLM_F_REQUEST))
        append(UInt32(1))
        append(UInt32(0))
        octets += fixedPart
        pad()
    }

    /// Adds an attribute.
    mutating func add(_ type: Int, _ value: [UInt8]) {
        append(UInt16(4 + value.count))
        append(UInt16(truncatingIfNeeded: type))
        octets += value
        pad()
    }

    /// Adds an attribute of a plain type, in this machine's order.
    mutating func add<Value: FixedWidthInteger>(_ type: Int, _ value: Value) {
        add(type, Self.octets(of: value))
    }

    /// The whole message, its length filled in.
    var message: [UInt8] {
        var message = octets
        message.replaceSubrange(0..<4, with: Self.octets(of: UInt32(octets.count)))
        return message
    }

    /// A number's octets in this machine's order.
    static func octets<Value: FixedWidthInteger>(of value: Value) -> [UInt8] {
        let little = (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value.littleEndian >> Value($0 * 8)) }
        return little
    }

    private mutating func append<Value: FixedWidthInteger>(_ value: Value) {
        octets += Self.octets(of: value)
    }

    private mutating func pad() {
        while octets.count % 4 != 0 { octets.append(0) }
    }
}
