import HandprobeWire

/// Enough of a segment to know a copy of it.
struct LatestSegment: Hashable, Sendable {
    var header: TCPHeader
    var options: TCPOptions
    var octets: Int
    /// The IPv4 identification; 0 for IPv6.
    var identification: UInt16
    var time: Timestamp

    init(_ observed: ObservedSegment, at time: Timestamp) {
        header = observed.segment.header
        options = observed.segment.options
        octets = observed.segment.payload.count + observed.missingOctets
        identification = observed.ip.identification
        self.time = time
    }
}
