import HandprobeWire

/// Up to forty option octets in place, to be changed.
struct OptionOctets {
    private var storage: InlineArray<40, UInt8> = InlineArray(repeating: 0)
    private(set) var count = 0

    init() {}

    init(_ options: TCPOptions) {
        count = options.count
        for index in 0..<count { storage[index] = options[index] }
    }

    var options: TCPOptions { TCPOptions(octets: storage.span.extracting(first: count)) }

    func octet(at index: Int) -> UInt8 { storage[index] }

    mutating func append(_ octet: UInt8) {
        guard count < 40 else { return }
        storage[count] = octet
        count += 1
    }

    mutating func append(number value: UInt32) {
        for shift in stride(from: 24, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }

    mutating func store(_ value: UInt32, at offset: Int) {
        for index in 0..<4 { storage[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * index)) }
    }

    /// Visits each option's kind, place and length up to the end of the list or the first that cannot be delimited.
    mutating func walk(_ visit: (UInt8, Int, Int, inout OptionOctets) -> Void) {
        var offset = 0
        while offset < count {
            let kind = storage[offset]
            guard kind > 1 else {
                visit(kind, offset, 1, &self)
                if kind == 0 { return }
                offset += 1
                continue
            }
            guard offset + 1 < count else { return }
            let length = Int(storage[offset + 1])
            guard length >= 2, offset + length <= count else { return }
            visit(kind, offset, length, &self)
            offset += length
        }
    }
}
