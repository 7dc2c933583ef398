/// Reads durations as people write them: `250ms`, `2s`, `1.5s`, `1m`, `1h`, `500us`; a bare number is seconds.
enum DurationArgument {
    private static let units: [(suffix: String, nanoseconds: Double)] = [
        ("ms", 1e6), ("us", 1e3), ("µs", 1e3), ("ns", 1), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    /// The longest duration taken: a year.
    private static let longest = 365.0 * 86400e9

    /// A duration of zero or more.
    static func read(_ text: String) throws(ArgumentProblem) -> Duration {
        let unit = units.first { text.hasSuffix($0.suffix) }
        let number = unit.map { String(text.dropLast($0.suffix.count)) } ?? text
        guard !number.isEmpty, number.allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." }), let value = Double(number)
        else {
            throw ArgumentProblem("'\(text)' is not a duration: write it as 250ms, 2s or 1m")
        }
        let nanoseconds = value * (unit?.nanoseconds ?? 1e9)
        guard nanoseconds <= longest else { throw ArgumentProblem("'\(text)' is longer than a year") }
        return .nanoseconds(Int64(nanoseconds.rounded()))
    }

    /// A duration of more than zero.
    static func readPositive(_ text: String) throws(ArgumentProblem) -> Duration {
        let duration = try read(text)
        guard duration > .zero else { throw ArgumentProblem("'\(text)' is no time at all: give more than zero") }
        return duration
    }
}
