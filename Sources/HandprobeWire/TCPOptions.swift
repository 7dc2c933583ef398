/// The option octets of a TCP header exactly as they stand on the wire: at most forty, padding and errors included.
///
/// The octets are the value; `options` reads them. So parse → write never changes anything, and no peer's option is
/// lost because another one is bad.
public struct TCPOptions: Sendable {
    /// The most octets a header has room for.
    public static let capacity = 40

    /// Zero from `count` on.
    @usableFromInline
    var storage: InlineArray<40, UInt8>
    // An octet is enough, and segments are copied often.
    private var used: UInt8

    /// How many of the forty octets are used.
    public private(set) var count: Int {
        get { Int(used) }
        set { used = UInt8(newValue) }
    }

    /// No options.
    public init() {
        storage = InlineArray(repeating: 0)
        used = 0
    }

    /// Raw octets, taken as they are. At most forty; the rest is cut off.
    public init(octets: Span<UInt8>) {
        self.init()
        count = min(octets.count, Self.capacity)
        let used = octets.extracting(first: count)
        var room = storage.mutableSpan
        unsafe used.withUnsafeBytes { used in
            unsafe room.withUnsafeMutableBytes { unsafe $0.copyMemory(from: used) }
        }
    }

    /// Raw octets, taken as they are. At most forty; the rest is cut off.
    public init(octets: [UInt8]) {
        self.init(octets: octets.span)
    }

    /// The given options in order, then padded with zero octets to a multiple of four (RFC 9293 §3.2).
    ///
    /// Nil when they do not fit into forty octets.
    public init?(_ options: [TCPOption]) {
        self.init()
        for option in options {
            guard append(option) else { return nil }
        }
        pad()
    }

    /// Adds `options` behind the last one that means anything, before the end of the list; false, and nothing changed, when
    /// there is no room for them.
    public mutating func appendBeforeEnd(_ options: [TCPOption]) -> Bool {
        var extended = TCPOptions()
        for option in parsed.options.prefix(while: { $0 != .endOfList }) + options {
            guard extended.append(option) else { return false }
        }
        extended.pad()
        self = extended
        return true
    }

    /// Adds `option` after what is there; false, and nothing changed, when there is no room for it.
    @discardableResult
    public mutating func append(_ option: TCPOption) -> Bool {
        guard count + option.length <= Self.capacity else { return false }
        switch option {
        case .endOfList: put(0)
        case .noOperation: put(1)
        case .maximumSegmentSize(let size):
            put(2)
            put(4)
            put(UInt8(size >> 8))
            put(UInt8(size & 0xFF))
        case .windowScale(let shift):
            put(3)
            put(3)
            put(shift)
        case .sackPermitted:
            put(4)
            put(2)
        case .sack(let blocks):
            put(5)
            put(UInt8(option.length))
            for block in blocks {
                put32(block.left.rawValue)
                put32(block.right.rawValue)
            }
        case .timestamps(let value, let echoReply):
            put(8)
            put(10)
            put32(value)
            put32(echoReply)
        case .unknown(let kind, let octets):
            put(kind)
            put(UInt8(option.length))
            for octet in octets { put(octet) }
        }
        return true
    }

    /// Fills up with zero octets to a multiple of four.
    public mutating func pad() {
        while count % 4 != 0 { put(0) }
    }

    /// The octet at `index`, which must be below `count`.
    @inlinable
    public subscript(index: Int) -> UInt8 { storage[index] }

    /// A copy of the octets.
    public var octets: [UInt8] { (0..<count).map { storage[$0] } }

    /// True when there is not one octet.
    public var isEmpty: Bool { count == 0 }

    /// The eight octets at `offset`, as this machine orders them.
    private func word(at offset: Int) -> UInt64 {
        unsafe storage.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    private mutating func put(_ octet: UInt8) {
        storage[count] = octet
        count += 1
    }

    private mutating func put32(_ value: UInt32) {
        for shift in stride(from: 24, through: 0, by: -8) { put(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }
}

extension TCPOptions: Hashable {
    /// Equal when the same octets stand in the same order.
    public static func == (left: Self, right: Self) -> Bool {
        guard left.count == right.count else { return false }
        for offset in stride(from: 0, to: left.count, by: 8) where left.word(at: offset) != right.word(at: offset) {
            return false
        }
        return true
    }

    /// Hashes the octets.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for index in 0..<count { hasher.combine(storage[index]) }
    }
}
