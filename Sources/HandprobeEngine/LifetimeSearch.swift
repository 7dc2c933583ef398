import HandprobeTCP

/// Looks for the time after which a connection is forgotten.
///
/// A connection can be asked about it once only, since the question may renew what it asks about. So each is asked after
/// a time of its own, several in a round: first after times that double up to the longest, then after times that divide
/// the interval in question, until that is narrow enough.
public struct LifetimeSearch: Sendable {
    /// The most connections in one round.
    public static let width = 8
    /// The shortest time after which one is asked.
    public static let shortest = Duration.milliseconds(500)
    private static let mostRounds = 6

    /// The longest time after which one is asked.
    public let longest: Duration
    /// The longest time after which a connection was still known.
    public private(set) var kept: Duration?
    /// The shortest time after which one was not.
    public private(set) var over: Duration?
    /// Rounds begun.
    public private(set) var rounds = 0
    /// True when the time itself was seen, not only an interval.
    public private(set) var isExact = false

    /// A search that has asked nothing yet.
    public init(upTo longest: Duration) {
        self.longest = longest
    }

    /// How wide the interval may be in the end: a quarter of a second, or a fiftieth of the time where that is more.
    public var resolution: Duration { max(.milliseconds(250), (over ?? longest) / 50) }

    private var width: Duration { (over ?? longest) - (kept ?? .zero) }
    /// How wide the interval will be when the round that runs has ended.
    private var widthToCome = Duration.zero

    /// The times of the next round; none when nothing more is to be asked.
    public mutating func nextRound() -> [Duration] {
        guard rounds > 0 else {
            rounds = 1
            let times = (0..<Self.width).reversed().map { longest / (1 << $0) }
            return times.filter { $0 >= Self.shortest || $0 == longest }
        }
        guard let over, !isExact, width > resolution, rounds < Self.mostRounds else { return [] }
        let low = kept ?? .zero
        let times = (1...Self.width).map { low + (over - low) * $0 / (Self.width + 1) }.filter { $0 >= Self.shortest }
        if times.isEmpty { return [] }
        rounds += 1
        widthToCome = (over - low) / (Self.width + 1)
        return times
    }

    /// After `time` a connection was still known.
    public mutating func noteKept(_ time: Duration) {
        kept = max(kept ?? time, time)
    }

    /// After `time` a connection was not known any more.
    public mutating func noteOver(_ time: Duration) {
        over = min(over ?? time, time)
    }

    /// After `time` the other end itself ended a connection.
    public mutating func noteEnd(_ time: Duration) {
        noteOver(time)
        isExact = true
    }

    /// True when a question after `time` could say nothing new.
    public func isDecided(_ time: Duration) -> Bool {
        over.map { $0 < time } ?? false
    }

    /// What the rounds after the one that runs may still take.
    public var timeForFurtherRounds: Duration {
        guard !isExact else { return .zero }
        let upper = over ?? longest
        var width = rounds > 1 ? widthToCome : over == nil ? upper / 2 : width
        var further = 0
        while width > resolution, rounds + further < Self.mostRounds {
            further += 1
            width /= Self.width + 1
        }
        return upper * further
    }
}
