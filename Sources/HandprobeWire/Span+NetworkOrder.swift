extension Span where Element == UInt8 {
    /// The 16-bit number at `offset`, most significant octet first.
    @inlinable
    public func uint16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
    }

    /// The 32-bit number at `offset`, most significant octet first.
    @inlinable
    public func uint32(at offset: Int) -> UInt32 {
        UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset + 2))
    }

    /// The 128-bit number at `offset`, most significant octet first.
    @inlinable
    public func uint128(at offset: Int) -> UInt128 {
        var value: UInt128 = 0
        for word in 0..<4 { value = value << 32 | UInt128(uint32(at: offset + 4 * word)) }
        return value
    }

    /// Throws `WireError.truncated` unless there are `needed` octets.
    func require(_ needed: Int, of layer: WireLayer) throws(WireError) {
        guard count >= needed else {
            throw .truncated(layer: layer, needed: needed, available: count, offset: 0)
        }
    }
}

extension MutableSpan where Element == UInt8 {
    /// Stores `value` at `offset`, most significant octet first.
    @inlinable
    public mutating func store(_ value: UInt16, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: value >> 8)
        self[offset + 1] = UInt8(truncatingIfNeeded: value)
    }

    /// Stores `value` at `offset`, most significant octet first.
    @inlinable
    public mutating func store(_ value: UInt32, at offset: Int) {
        store(UInt16(truncatingIfNeeded: value >> 16), at: offset)
        store(UInt16(truncatingIfNeeded: value), at: offset + 2)
    }

    /// Stores `value` at `offset`, most significant octet first.
    @inlinable
    public mutating func store(_ value: UInt128, at offset: Int) {
        for word in 0..<4 { store(UInt32(truncatingIfNeeded: value >> (96 - 32 * word)), at: offset + 4 * word) }
    }
}

extension Array where Element == UInt8 {
    /// A copy of `octets`.
    init(copying octets: Span<UInt8>) {
        self = octets.isEmpty ? [] : unsafe octets.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
