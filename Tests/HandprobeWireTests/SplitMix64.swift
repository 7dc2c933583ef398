import HandprobeWire

/// A small generator with a fixed seed, so that a failing case comes again.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension RandomNumberGenerator {
    /// Any value of the type.
    mutating func any<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type = Number.self) -> Number {
        Number.random(in: .min ... .max, using: &self)
    }

    /// A number below `limit`, which is positive.
    mutating func below(_ limit: Int) -> Int {
        Int.random(in: 0..<limit, using: &self)
    }

    /// True once in `odds` times.
    mutating func once(in odds: Int) -> Bool {
        below(odds) == 0
    }

    /// That many octets, each of any value.
    mutating func octets(_ count: Int) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(count + 8)
        while octets.count < count {
            let word = next()
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                octets.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        octets.removeLast(octets.count - count)
        return octets
    }

    /// One TCP option with its proper length, or now and then an odd one.
    mutating func option() -> TCPOption {
        switch below(9) {
        case 0: .noOperation
        case 1: .maximumSegmentSize(any())
        case 2: .windowScale(any())
        case 3: .sackPermitted
        case 4:
            .sack(
                (0...below(2)).map { _ in
                    SACKBlock(left: SequenceNumber(any()), right: SequenceNumber(any()))
                }
            )
        case 5: .timestamps(value: any(), echoReply: any())
        case 6: .unknown(kind: [19, 34, 254, 69, 172][below(5)], octets: octets(below(17)))
        case 7: .endOfList
        default: .noOperation
        }
    }

    /// As many options as chance will have, padded.
    mutating func options() -> TCPOptions {
        var options = TCPOptions()
        for _ in 0..<below(7) { options.append(option()) }
        options.pad()
        return options
    }

    /// Options without an end of list among them, each of a length that its kind has; padded.
    mutating func plainOptions() -> TCPOptions {
        var options = TCPOptions()
        for _ in 0..<below(7) {
            switch option() {
            case .endOfList, .unknown(19, _), .unknown(34, _), .unknown(254, _): options.append(.noOperation)
            case let option: options.append(option)
            }
        }
        options.pad()
        return options
    }
}
