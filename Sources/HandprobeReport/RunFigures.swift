import HandprobeJudge

/// What several runs against one target came to: how many, how many answered, the round trips, and the causes by name.
public struct RunFigures: Hashable, Sendable {
    /// A cause and how many runs it explains.
    public struct Cause: Hashable, Sendable {
        /// A finding's code, or the outcome's name where no finding explains it.
        public var name: String
        /// How many runs.
        public var runs: Int
    }

    /// Least, median and greatest of the round trips.
    public struct RoundTrips: Hashable, Sendable {
        /// The shortest.
        public var least: Duration
        /// The one in the middle, or the mean of the two in the middle.
        public var median: Duration
        /// The longest.
        public var greatest: Duration
    }

    /// How many runs there were.
    public private(set) var runs = 0
    /// How many of them the peer answered, whatever it said.
    public private(set) var answered = 0
    /// How many went as expected.
    public private(set) var asExpected = 0
    /// What the others came to, in the order in which it came up first.
    public private(set) var causes: [Cause] = []
    private var measured: [Duration] = []

    /// No runs yet.
    public init() {}

    /// Least, median and greatest; nil when no round trip was measured.
    public var roundTrips: RoundTrips? {
        let sorted = measured.sorted()
        guard let least = sorted.first, let greatest = sorted.last else { return nil }
        let middle = sorted.count / 2
        let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        return RoundTrips(least: least, median: median, greatest: greatest)
    }

    /// Counts one run.
    public mutating func add(_ run: PingRun) {
        runs += 1
        if run.isAnswered { answered += 1 }
        if let rtt = run.rtt { measured.append(rtt) }
        guard run.outcome != .asExpected else {
            asExpected += 1
            return
        }
        let name = run.cause?.rawValue ?? JSONValue.name(run.outcome)
        if let index = causes.firstIndex(where: { $0.name == name }) {
            causes[index].runs += 1
        } else {
            causes.append(Cause(name: name, runs: 1))
        }
    }
}
