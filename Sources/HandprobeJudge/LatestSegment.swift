import HandprobeWire

/// Enough of a segment to know a copy of it.
struct LatestSegment: Hashable, Sendable {
    var time: Timestamp
    private let header: TCPHeader
    private let options: TCPOptions
    private let octets: Int
    /// The IPv4 identification; 0 for IPv6.
    private let identification: UInt16

    init(_ observed: ObservedSegment, at time: Timestamp) {
        self.time = time
        header = observed.segment.header
        options = observed.segment.options
        octets = observed.octetsOnWire
        identification = observed.ip.identification
    }

    /// True when the other one has the same header, options and length, and the same identification.
    func isSame(as observed: ObservedSegment) -> Bool {
        header == observed.segment.header && identification == observed.ip.identification
            && octets == observed.octetsOnWire && options == observed.segment.options
    }
}
