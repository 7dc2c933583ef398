import HandprobeTCP
import HandprobeWire

/// What the peer's segments have in common as long as one stack on one host makes them all: enough to notice one that
/// does not fit. Bounded.
struct PeerTraits: Sendable {
    /// What a SYN or SYN-ACK says for the whole connection.
    struct Terms: Hashable, Sendable {
        var maximumSegmentSize: UInt16?
        var windowScale: UInt8?
        var sackPermitted: Bool
        var hasTimestamps: Bool

        init(_ options: TCPOptions) {
            maximumSegmentSize = options.maximumSegmentSize
            windowScale = options.windowScale
            sackPermitted = options.sackPermitted
            hasTimestamps = options.timestamps != nil
        }

        /// What differs in `other`, a word for each.
        func differences(in other: Terms) -> [String] {
            var words: [String] = []
            if maximumSegmentSize != other.maximumSegmentSize { words.append("MSS") }
            if windowScale != other.windowScale { words.append("window scale") }
            if sackPermitted != other.sackPermitted { words.append("SACK-permitted") }
            if hasTimestamps != other.hasTimestamps { words.append("timestamps") }
            return words
        }
    }

    /// How its IPv4 identifications went so far.
    struct Identifications: Hashable, Sendable {
        /// The last one that was not zero.
        var last: UInt16?
        var lastTime = Timestamp(nanoseconds: 0)
        /// How often one was a little above the one before: what makes a counter of them.
        var steps = 0
        /// Segments with octets or a FIN whose identification was zero.
        var zeros = 0
    }

    /// The first segment: its place, its control bits, its hop limit, its don't-fragment bit (IPv4).
    let index: Int
    let flags: TCPFlags
    let hopLimit: UInt8
    let dontFragment: Bool?
    /// What its SYN says; nil when that was not captured.
    let terms: Terms?
    /// The hop limit of the latest segment that was no RST.
    var latestHopLimit: UInt8
    var identifications = Identifications()
    /// The highest timestamp so far, and when it was captured.
    var timestamp: (value: UInt32, time: Timestamp)?

    init(_ observed: ObservedSegment, at moment: Moment) {
        let segment = observed.segment
        index = moment.index
        flags = segment.flags
        hopLimit = observed.ip.hopLimit
        latestHopLimit = hopLimit
        dontFragment = observed.ip.dontFragment
        terms = segment.flags.contains(.syn) ? Terms(segment.options) : nil
        timestamp = segment.options.timestamps.map { ($0.value, moment.time) }
        _ = identifications.take(observed, at: moment.time)
    }
}

extension PeerTraits.Identifications {
    /// Steps after which identifications count as a counter.
    private static let enoughSteps = 3
    /// How far a counter may go between two segments of a connection, beside what time allows for.
    private static let longestStep = 1024
    /// How far a counter that a busy host uses for all its packets goes in a millisecond.
    private static let stepsPerMillisecond: Int64 = 10

    /// Takes the next one in; what it jumped from, when it cannot be from the same counter.
    ///
    /// A zero says nothing: Linux counts on its sockets, and writes zero where none is left or not yet one made.
    mutating func take(_ observed: ObservedSegment, at time: Timestamp) -> UInt16? {
        guard case .v4(let header) = observed.ip else { return nil }
        let identification = header.identification
        let comesFromSocket = !observed.segment.payload.isEmpty || observed.segment.flags.contains(.fin)
        guard identification != 0 else {
            if comesFromSocket, last == nil { zeros = min(zeros + 1, Self.enoughSteps) }
            return nil
        }
        guard let previous = last else {
            (last, lastTime) = (identification, time)
            return zeros >= 2 ? 0 : nil
        }
        let milliseconds = min(60_000, max(0, time.nanoseconds &- lastTime.nanoseconds) / 1_000_000)
        let reach = Self.longestStep + Int(milliseconds * Self.stepsPerMillisecond)
        let distance = Int(Int16(truncatingIfNeeded: Int(identification) - Int(previous)))
        let isNear = distance >= -Self.longestStep && distance <= reach
        defer { (last, lastTime) = (identification, time) }
        guard isNear || reach > Int(Int16.max) else {
            let wasCounter = steps >= Self.enoughSteps
            steps = 0
            return wasCounter ? previous : nil
        }
        if distance > 0, distance <= 64 { steps = min(steps + 1, Self.enoughSteps) }
        return nil
    }
}

extension IPHeader {
    /// The don't-fragment bit; nil for IPv6, which has none.
    var dontFragment: Bool? {
        if case .v4(let header) = self { header.dontFragment } else { nil }
    }
}
