import HandprobeWire

/// Takes choices off an input, octet by octet; what has run out is zero.
struct FuzzInput {
    private let octets: [UInt8]
    private var place = 0

    init(_ octets: [UInt8]) {
        self.octets = octets
    }

    /// True when everything has been taken.
    var isEmpty: Bool { place >= octets.count }

    mutating func octet() -> UInt8 {
        guard place < octets.count else { return 0 }
        place += 1
        return octets[place - 1]
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type = Number.self) -> Number {
        (0..<Number.bitWidth / 8).reduce(0) { number, _ in number << 8 | Number(octet()) }
    }

    mutating func flag() -> Bool { octet() & 1 == 1 }

    /// True in `count` of 256 cases; never when nothing is left.
    mutating func chance(_ count: UInt8) -> Bool { !isEmpty && octet() < count }

    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[Int(octet()) % choices.count] }

    /// The next octets, as many as there are of `most`.
    mutating func take(_ most: Int) -> [UInt8] {
        let end = min(octets.count, place + max(0, most))
        defer { place = end }
        return Array(octets[min(place, end)..<end])
    }

    /// Everything that is left.
    mutating func rest() -> [UInt8] { take(octets.count) }

    mutating func address(_ family: IPAddress.Family) -> IPAddress {
        family == .v4 ? .v4(IPv4Address(number())) : .v6(IPv6Address(number()))
    }
}
