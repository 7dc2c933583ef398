import HandprobeWire

extension Timestamp {
    /// The moment as RFC 3339 writes it, in UTC and to the nanosecond: `2026-11-23T09:05:00.000000041Z`.
    var rfc3339: String {
        let (seconds, fraction) = Self.divide(nanoseconds, by: 1_000_000_000)
        let (days, second) = Self.divide(seconds, by: 86_400)
        let (year, month, day) = Self.date(daysSinceEpoch: days)
        let clock = [second / 3600, second / 60 % 60, second % 60].map { Self.digits($0, 2) }.joined(separator: ":")
        let date = [Self.digits(year, 4), Self.digits(month, 2), Self.digits(day, 2)].joined(separator: "-")
        return "\(date)T\(clock).\(Self.digits(fraction, 9))Z"
    }

    /// Quotient and remainder, the remainder never negative.
    private static func divide(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// The Gregorian date, counted in eras of 400 years that begin on the first of March.
    private static func date(daysSinceEpoch days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, day) = divide(days + 719_468, by: 146_097)
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let january = month >= 10
        return (
            era * 400 + year + (january ? 1 : 0), january ? month - 9 : month + 3,
            dayOfYear - (153 * month + 2) / 5 + 1
        )
    }

    private static func digits(_ value: Int64, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}
