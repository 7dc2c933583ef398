import HandprobeWire

/// The order of octets in numbers, which each section of a pcapng file chooses for itself.
enum ByteOrder: Hashable, Sendable {
    case little, big

    /// The order in which a section header's magic stands at `offset`; nil when it stands there in neither.
    init?(magicIn octets: Span<UInt8>, at offset: Int) {
        switch octets.uint32(at: offset) {
        case PCAPNGFormat.byteOrderMagic: self = .big
        case PCAPNGFormat.byteOrderMagic.byteSwapped: self = .little
        default: return nil
        }
    }

    /// The 16-bit number at `offset`.
    func uint16(_ octets: Span<UInt8>, at offset: Int) -> UInt16 {
        let value = octets.uint16(at: offset)
        return self == .big ? value : value.byteSwapped
    }

    /// The 32-bit number at `offset`.
    func uint32(_ octets: Span<UInt8>, at offset: Int) -> UInt32 {
        let value = octets.uint32(at: offset)
        return self == .big ? value : value.byteSwapped
    }

    /// The 64-bit number at `offset`.
    func uint64(_ octets: Span<UInt8>, at offset: Int) -> UInt64 {
        let (first, second) = (UInt64(uint32(octets, at: offset)), UInt64(uint32(octets, at: offset + 4)))
        return self == .big ? first << 32 | second : second << 32 | first
    }
}
