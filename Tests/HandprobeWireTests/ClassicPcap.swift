import HandprobeWire

/// A capture file in memory, in libpcap's first format, written without libpcap.
struct ClassicPcap {
    private(set) var octets: [UInt8] = []

    /// The file header: magic number in big-endian order, version 2.4, snaplen 262144.
    init(linkType: LinkType) {
        append(0xA1B2_C3D4)
        append(0x0002_0004)
        append(0)
        append(0)
        append(262_144)
        append(linkType.rawValue)
    }

    /// Adds a frame at second `time`.
    mutating func append(_ frame: [UInt8], time: UInt32) {
        append(time)
        append(0)
        append(UInt32(frame.count))
        append(UInt32(frame.count))
        octets += frame
    }

    private mutating func append(_ value: UInt32) {
        for shift in [UInt32(24), 16, 8, 0] { octets.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}
