extension TCPOptions {
    private static let emptySignature = TCPOption.unknown(kind: 19, octets: Array(repeating: 0, count: 16))

    /// The digest of the last MD5 option that has its proper length (RFC 2385 §3.0).
    public var signature: [UInt8]? {
        last(kind: 19, length: 18).map { place in (0..<16).map { self[place + 2 + $0] } }
    }

    /// Adds an MD5 option without a digest where there is none: in front, behind two NOPs, as Linux has it, or where that
    /// does not fit, behind the others. False, and nothing changed, when there is no room for it.
    public mutating func makeRoomForSignature() -> Bool {
        if signature != nil { return true }
        guard count + 20 <= Self.capacity else { return appendBeforeEnd([Self.emptySignature]) }
        self = TCPOptions(octets: [1, 1, 19, 18] + Array(repeating: 0, count: 16) + octets)
        return true
    }

    /// Puts a digest of sixteen octets into the MD5 option that `signature` reads.
    mutating func setSignature(_ digest: [UInt8]) {
        guard let place = last(kind: 19, length: 18) else { return }
        for (index, octet) in digest.enumerated() { storage[place + 2 + index] = octet }
    }
}
