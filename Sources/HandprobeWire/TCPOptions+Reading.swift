extension TCPOptions {
    /// Where one option stands: its kind, its place, and the length it claims.
    private struct Field {
        var kind: UInt8
        var offset: Int
        var length: Int
    }

    /// Walks the options up to the end of the list or the first that cannot be delimited.
    ///
    /// Allocates nothing, so that the machine can read options by the million.
    @inline(__always)
    private func walk(_ visit: (Field) -> Bool) -> TCPOptionProblem? {
        var offset = 0
        while offset < count {
            let kind = self[offset]
            if kind <= 1 {
                guard visit(Field(kind: kind, offset: offset, length: 1)), kind == 1 else { return nil }
                offset += 1
                continue
            }
            guard offset + 1 < count else { return .badLength(kind: kind, length: 0, offset: offset) }
            let length = self[offset + 1]
            guard length >= 2 else { return .badLength(kind: kind, length: length, offset: offset) }
            guard offset + Int(length) <= count else { return .overrun(kind: kind, length: length, offset: offset) }
            guard visit(Field(kind: kind, offset: offset, length: Int(length))) else { return nil }
            offset += Int(length)
        }
        return nil
    }

    /// The options in order, up to the end of the list or the first bad one, and what was wrong with that one.
    public var parsed: (options: [TCPOption], problem: TCPOptionProblem?) {
        var options: [TCPOption] = []
        let problem = walk { field in
            options.append(option(field))
            return true
        }
        return (options, problem)
    }

    /// What keeps the options from being read to their end; nil when nothing does.
    public var problem: TCPOptionProblem? { walk { _ in true } }

    /// The kind of the first option that is known and has a length it must not have.
    public var misshapenKind: UInt8? {
        var misshapen: UInt8?
        _ = walk { field in
            if case .unknown(let kind, _) = option(field), TCPOption.isKnown(kind) { misshapen = kind }
            return misshapen == nil
        }
        return misshapen
    }

    /// The options in order, up to the end of the list or the first bad one.
    public var options: [TCPOption] { parsed.options }

    /// The octets after an end-of-list option, which no receiver reads; padding when they are zero.
    public var octetsAfterEnd: [UInt8] {
        var end = count
        _ = walk { field in
            if field.kind == 0 { end = field.offset + 1 }
            return true
        }
        return (end..<count).map { self[$0] }
    }

    /// The last MSS option that has its proper length, as Linux takes it.
    public var maximumSegmentSize: UInt16? {
        last(kind: 2, length: 4).map { UInt16(self[$0 + 2]) << 8 | UInt16(self[$0 + 3]) }
    }

    /// The last window scale option that has its proper length, not yet limited to 14.
    public var windowScale: UInt8? {
        last(kind: 3, length: 3).map { self[$0 + 2] }
    }

    /// True when an option of this kind is there, whatever its length.
    public func contains(kind: UInt8) -> Bool {
        var found = false
        _ = walk { field in
            found = field.kind == kind
            return !found
        }
        return found
    }

    /// True when SACK-permitted is there.
    public var sackPermitted: Bool {
        last(kind: 4, length: 2) != nil
    }

    /// The last timestamps option that has its proper length.
    public var timestamps: (value: UInt32, echoReply: UInt32)? {
        last(kind: 8, length: 10).map { (uint32(at: $0 + 2), uint32(at: $0 + 6)) }
    }

    /// Where the last option of this kind and length begins.
    func last(kind: UInt8, length: Int) -> Int? {
        var found: Int?
        _ = walk { field in
            if field.kind == kind, field.length == length { found = field.offset }
            return true
        }
        return found
    }

    private func uint32(at offset: Int) -> UInt32 {
        unsafe UInt32(bigEndian: storage.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    private func option(_ field: Field) -> TCPOption {
        let value = field.offset + 2
        switch (field.kind, field.length) {
        case (0, _): return .endOfList
        case (1, _): return .noOperation
        case (2, 4): return .maximumSegmentSize(UInt16(self[value]) << 8 | UInt16(self[value + 1]))
        case (3, 3): return .windowScale(self[value])
        case (4, 2): return .sackPermitted
        case (5, let length) where length > 2 && (length - 2) % 8 == 0:
            return .sack(
                stride(from: value, to: field.offset + length, by: 8).map {
                    SACKBlock(left: SequenceNumber(uint32(at: $0)), right: SequenceNumber(uint32(at: $0 + 4)))
                }
            )
        case (8, 10): return .timestamps(value: uint32(at: value), echoReply: uint32(at: value + 4))
        default:
            return .unknown(kind: field.kind, octets: (value..<field.offset + field.length).map { self[$0] })
        }
    }
}
