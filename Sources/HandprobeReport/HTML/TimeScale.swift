/// Time as height, every distance by one measure, except for silences so long that the rest would be one line.
struct TimeScale: Sendable {
    /// A stretch of silence that is drawn shorter than it was.
    struct Cut: Hashable, Sendable {
        /// The event after which it begins.
        var after: Int
        /// How long it was.
        var length: Duration
    }

    /// The height of each event.
    private(set) var positions: [Int] = []
    /// The silences that were cut.
    private(set) var cuts: [Cut] = []
    /// Marks at round times: height and time since the first event; none where the clock was stepped.
    private(set) var ticks: [(position: Int, time: Duration)] = []
    /// What is between two marks; nil when everything happened at once.
    private(set) var step: Duration?

    /// The height of a silence that was cut.
    static let cutHeight = 64
    /// A silence is cut when it is this many times as long as all the rest.
    static let longest = 8
    /// The most marks between two events.
    private static let mostTicks = 1000

    /// Times since the first event, in the order of the events, over about `height`.
    ///
    /// An event that is said to be earlier than the one before it stands where that stands: a timer runs by another clock
    /// than the capture's. `hasMarks` where the times are those that are shown.
    init(_ times: [Duration], height: Int, hasMarks: Bool = true) {
        guard !times.isEmpty else { return }
        var latest = 0.0
        let offsets = times.map { time -> Double in
            latest = max(latest, Self.nanoseconds(time))
            return latest
        }
        let gaps = zip(offsets.dropFirst(), offsets).map { $0 - $1 }
        let isCut = Self.cuts(gaps)
        let drawn = zip(gaps, isCut).reduce(0.0) { $0 + ($1.1 ? 0 : $1.0) }
        let measure = drawn > 0 ? Double(height) / drawn : 0
        var exact = 0.0
        positions = [0]
        for (index, gap) in gaps.enumerated() {
            exact += isCut[index] ? Double(Self.cutHeight) : gap * measure
            positions.append(Int(exact.rounded()))
            if isCut[index] { cuts.append(Cut(after: index, length: Self.duration(gap))) }
        }
        guard drawn > 0, hasMarks else { return }
        let size = Self.round(drawn / Double(max(2, height / 72)))
        step = Self.duration(size)
        addTicks(every: size, offsets, measure, isCut)
    }

    /// Which gaps are silences too long to draw: one by one the longest, while it dwarfs all others together.
    private static func cuts(_ gaps: [Double]) -> [Bool] {
        var isCut = [Bool](repeating: false, count: gaps.count)
        var rest = gaps.reduce(0, +)
        for index in gaps.indices.sorted(by: { gaps[$0] > gaps[$1] }) {
            rest -= gaps[index]
            guard rest > 0, gaps[index] > Double(longest) * rest else { break }
            isCut[index] = true
        }
        return isCut
    }

    private mutating func addTicks(every size: Double, _ offsets: [Double], _ measure: Double, _ isCut: [Bool]) {
        for (index, position) in positions.dropLast().enumerated() where !isCut[index] {
            let (begin, end) = (offsets[index], offsets[index + 1])
            var count = (begin / size).rounded(.up)
            // Not for ever, where a mark is less than what the numbers can tell apart.
            for _ in 0..<Self.mostTicks where count * size <= end {
                let place = position + Int(((count * size - begin) * measure).rounded())
                if ticks.last.map({ place - $0.position >= 14 }) ?? true {
                    ticks.append((place, Self.duration(count * size)))
                }
                count += 1
            }
        }
    }

    /// The round number next above: 1, 2 or 5 with zeros.
    private static func round(_ value: Double) -> Double {
        var power = 1.0
        while power * 10 <= value { power *= 10 }
        for factor in [1.0, 2, 5] where power * factor >= value { return power * factor }
        return power * 10
    }

    private static func duration(_ nanoseconds: Double) -> Duration {
        .nanoseconds(Int64(exactly: nanoseconds.rounded()) ?? .max)
    }

    private static func nanoseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1e9 + Double(attoseconds) / 1e9
    }
}
