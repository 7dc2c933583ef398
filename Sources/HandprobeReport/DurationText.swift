/// Durations as text.
public enum DurationText {
    /// A place on the time axis of a report: milliseconds with three decimals, `1031.250 ms`, whatever its size.
    public static func moment(_ duration: Duration) -> String {
        milliseconds(microseconds(duration))
    }

    /// A length of time in the unit that suits it: `0.041 ms`, `1.031 s`, `2 min 5.000 s`, `1 h 0 min 4.000 s`.
    public static func length(_ duration: Duration) -> String {
        let total = microseconds(duration)
        let size = total.magnitude
        let sign = total < 0 ? "-" : ""
        if size < 1_000_000 { return milliseconds(total) }
        let thousandths = (size + 500) / 1000
        let seconds = "\(thousandths / 1000 % 60).\(threeDigits(thousandths % 1000)) s"
        let minutes = thousandths / 60_000
        if minutes == 0 { return sign + seconds }
        if minutes < 60 { return "\(sign)\(minutes) min \(seconds)" }
        return "\(sign)\(minutes / 60) h \(minutes % 60) min \(seconds)"
    }

    /// Just the number of milliseconds with three decimals, for lists that name the unit once.
    static func number(_ duration: Duration) -> String {
        let total = microseconds(duration)
        return "\(total < 0 ? "-" : "")\(total.magnitude / 1000).\(threeDigits(total.magnitude % 1000))"
    }

    /// At most `columns` characters, three decimals while they fit: what stands in a column of a ladder.
    static func moment(_ duration: Duration, columns: Int) -> String {
        let text = moment(duration)
        if text.count <= columns { return text }
        let seconds = microseconds(duration) / 1_000_000
        let whole = "\(seconds) s"
        return whole.count <= columns ? whole : "\(seconds / 86_400) d"
    }

    private static func milliseconds(_ total: Int64) -> String {
        "\(total < 0 ? "-" : "")\(total.magnitude / 1000).\(threeDigits(total.magnitude % 1000)) ms"
    }

    private static func threeDigits(_ value: UInt64) -> String {
        let text = String(value)
        return String(repeating: "0", count: 3 - text.count) + text
    }

    /// To the nearest microsecond; more than 285 years are cut off, so that nothing overflows.
    private static func microseconds(_ duration: Duration) -> Int64 {
        let limit: Int64 = 9_000_000_000
        let (seconds, attoseconds) = duration.components
        let rounding: Int64 = attoseconds < 0 ? -500_000_000_000 : 500_000_000_000
        return min(max(seconds, -limit), limit) * 1_000_000 + (attoseconds + rounding) / 1_000_000_000_000
    }
}
