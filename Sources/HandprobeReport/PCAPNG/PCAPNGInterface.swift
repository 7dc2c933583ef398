public import HandprobeWire

/// One interface of a pcapng section: what its frames begin with, and how their times count.
public struct PCAPNGInterface: Hashable, Sendable {
    /// Its name; empty when the file does not tell.
    public var name: String
    /// What its frames begin with.
    public var linkType: LinkType
    /// Octets kept of each frame; 0 for no limit.
    public var snaplen: UInt32
    /// The resolution of its times, as if_tsresol: a power of ten below zero, with the upper bit a power of two.
    public var resolution: UInt8
    /// Seconds added to each of its times (if_tsoffset).
    public var offset: Int64

    /// An interface from its parts; times count nanoseconds when nothing else is said.
    public init(name: String, linkType: LinkType, snaplen: UInt32, resolution: UInt8 = 9, offset: Int64 = 0) {
        self.name = name
        self.linkType = linkType
        self.snaplen = snaplen
        self.resolution = resolution
        self.offset = offset
    }

    /// The moment that `ticks` of this interface stand for; numbers that no clock shows become some moment, never a trap.
    func time(ofTicks ticks: UInt64) -> Timestamp {
        let nanoseconds: Int64
        switch resolution {
        case 9: nanoseconds = Int64(bitPattern: ticks)
        case 6: nanoseconds = Int64(clamping: UInt128(ticks) * 1000)
        default:
            let exponent = resolution & 0x7F
            // Beyond these, what 64 bits of ticks amount to is less than a nanosecond.
            let isPowerOfTwo = resolution & 0x80 != 0
            guard isPowerOfTwo || exponent <= 28 else { return Timestamp(nanoseconds: offset &* 1_000_000_000) }
            let perSecond: UInt128 =
                isPowerOfTwo ? 1 << UInt128(exponent) : (0..<exponent).reduce(UInt128(1)) { power, _ in power * 10 }
            nanoseconds = Int64(clamping: UInt128(ticks) * 1_000_000_000 / perSecond)
        }
        return Timestamp(nanoseconds: nanoseconds &+ offset &* 1_000_000_000)
    }
}
