/// A pcapng file written octet by octet, in either order, without the writer under test.
struct PCAPNGOctets {
    var isBigEndian = false
    private(set) var octets: [UInt8] = []

    mutating func section(options: [UInt8] = []) {
        block(
            0x0A0D_0D0A,
            number(0x1A2B_3C4D as UInt32) + number(1 as UInt16) + number(0 as UInt16)
                + number(UInt64.max) + options)
    }

    mutating func interface(_ linkType: UInt16, snaplen: UInt32 = 0, options: [UInt8] = []) {
        block(1, number(linkType) + number(0 as UInt16) + number(snaplen) + options)
    }

    /// An enhanced packet block.
    mutating func frame(_ octets: [UInt8], interface: UInt32 = 0, ticks: UInt64, options: [UInt8] = []) {
        let head = number(interface) + number(UInt32(ticks >> 32)) + number(UInt32(truncatingIfNeeded: ticks))
        let lengths = number(UInt32(octets.count)) + number(UInt32(octets.count))
        block(6, head + lengths + padded(octets) + options)
    }

    mutating func block(_ type: UInt32, _ body: [UInt8], lastLength: UInt32? = nil) {
        let length = UInt32(body.count + 12)
        octets += number(type) + number(length) + body + number(lastLength ?? length)
    }

    mutating func append(_ more: [UInt8]) { octets += more }

    func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
        number(code) + number(UInt16(value.count)) + padded(value)
    }

    func option(_ code: UInt16, _ text: String) -> [UInt8] { option(code, Array(text.utf8)) }

    func number(_ value: some FixedWidthInteger) -> [UInt8] {
        let little = (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        return isBigEndian ? little.reversed() : little
    }

    func padded(_ octets: [UInt8]) -> [UInt8] {
        octets + [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4)
    }
}
