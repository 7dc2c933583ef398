import HandprobeTCP

extension Duration {
    /// The duration for a person, to the microsecond below one second and to the millisecond from there on:
    /// `0.041 ms`, `31.000 ms`, `1.031 s`.
    public var text: String {
        let nanoseconds = wholeNanoseconds
        let sign = nanoseconds < 0 ? "-" : ""
        let microseconds = (nanoseconds.magnitude &+ 500) / 1000
        guard microseconds >= 1_000_000 else { return "\(sign)\(Self.thousandths(microseconds)) ms" }
        return "\(sign)\(Self.thousandths((microseconds + 500) / 1000)) s"
    }

    private static func thousandths(_ count: UInt64) -> String {
        let fraction = String(count % 1000)
        return "\(count / 1000)." + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
    }
}
