import HandprobeWire

/// Enough of a segment to know a copy of it.
struct LatestSegment: Hashable, Sendable {
    var time: Timestamp
    private let header: TCPHeader
    private let options: TCPOptions
    private let octets: Int
    /// The IPv4 identification; 0 for IPv6.
    private let identification: UInt16

    /// Of a segment as long as it was on the wire.
    init(_ segment: TCPSegment, identification: UInt16, at time: Timestamp) {
        self.time = time
        header = segment.header
        options = segment.options
        octets = segment.payload.count
        self.identification = identification
    }

    /// True when the other one has the same header, options and length, and the same identification.
    func isSame(as other: LatestSegment) -> Bool {
        identification == other.identification && header == other.header && octets == other.octets
            && options == other.options
    }
}
