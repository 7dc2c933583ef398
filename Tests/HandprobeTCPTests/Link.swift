import HandprobeTCP
import HandprobeWire

/// Two machines and a link in memory that loses, delays, reorders and duplicates as a seed has it.
struct Link {
    /// How a link treats segments, in percent.
    struct Impairment: Sendable {
        var loss = 0
        var duplication = 0
        /// Segments take from 5 ms up to this many milliseconds, so that they overtake each other.
        var delay = 5
    }

    private struct Flight {
        var arrival: Instant
        var order: Int
        var toSecond: Bool
        var segment: TCPSegment
    }

    var ends: [ConnectionMachine]
    var now = Instant(nanoseconds: 0)
    var received: [[UInt8]] = [[], []]
    var steps = 0
    private var flights: [Flight] = []
    private var random: SplitMix64
    private let impairment: Impairment

    init(_ first: ConnectionMachine, _ second: ConnectionMachine, seed: UInt64, _ impairment: Impairment) {
        ends = [first, second]
        random = SplitMix64(seed: seed)
        self.impairment = impairment
    }

    /// Runs until neither end has anything to do, or until `limit` steps were made; true in the first case.
    ///
    /// `after` is called after every step and may call the machines.
    mutating func run(limit: Int = 20_000, _ after: (inout Link) -> Void) -> Bool {
        while steps < limit {
            steps += 1
            after(&self)
            for end in 0...1 { transmit(from: end) }
            let timers = ends.compactMap(\.nextTimeout)
            let arrivals = flights.map(\.arrival)
            guard let next = (timers + arrivals).min() else { return true }
            now = max(now, next)
            deliver()
        }
        return false
    }

    private mutating func transmit(from end: Int) {
        while let segment = ends[end].poll(at: now) {
            if random.chance(impairment.loss) { continue }
            for _ in 0..<(random.chance(impairment.duplication) ? 2 : 1) {
                let delay = Int64.random(in: 5...Int64(max(5, impairment.delay)), using: &random)
                flights.append(
                    Flight(
                        arrival: now + .milliseconds(delay),
                        order: steps,
                        toSecond: end == 0,
                        segment: segment
                    )
                )
            }
        }
    }

    private mutating func deliver() {
        let due = flights.filter { $0.arrival <= now }.sorted { ($0.arrival, $0.order) < ($1.arrival, $1.order) }
        flights.removeAll { $0.arrival <= now }
        for flight in due {
            let end = flight.toSecond ? 1 : 0
            _ = ends[end].segmentArrives(flight.segment, at: now)
        }
    }

    /// Takes what was delivered to `end`.
    mutating func take(_ end: Int) {
        received[end] += ends[end].receive()
    }
}
