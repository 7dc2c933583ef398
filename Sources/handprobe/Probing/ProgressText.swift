import HandprobeEngine
import HandprobeJudge
import HandprobeTCP

/// What is waited for and how long that may still take, in one line.
enum ProgressText {
    /// How often to write the line anew; nil where there is no terminal to write it on.
    static var interval: Duration? { Console.canShowProgress ? .milliseconds(250) : nil }

    /// How long a wait must have lasted before it is worth a line.
    private static let patience = Duration.milliseconds(400)

    /// The line; nil while the wait is too short to be noticed. `name` says which of several conversations waits.
    static func line(_ waiting: Waiting, at now: Instant, of name: String? = nil) -> String? {
        let waited = now.since(waiting.since)
        guard waited >= patience else { return nil }
        let left = max(.zero, waiting.until.since(now))
        let what =
            switch waiting.what {
            case .answer(let wait): wait.words
            case .repeatedSynAck: "a repetition of the peer's SYN-ACK"
            case .silence: "the silence to end"
            case .repeatedFin: "a repetition of the peer's FIN"
            }
        let then = waiting.next == .attempt ? "the next attempt, or the end, in" : "at most"
        let more = waiting.next == .attempt ? "" : " more"
        return "\(name.map { "\($0): " } ?? "")waiting for \(what): \(tenths(waited)); \(then) \(tenths(left))\(more)"
    }

    /// How far a measurement has come: connections of this round that are still to be asked, when the next one is, and what
    /// all may take.
    static func line(round: Int, connections: Int, next: Duration, atMost left: Duration) -> String {
        let count = connections == 1 ? "1 connection" : "\(connections) connections"
        return "round \(round): \(count) left to ask, the next in \(tenths(next)); at most \(tenths(left)) in all"
    }

    /// Seconds with one digit behind the point: `2.3 s`.
    private static func tenths(_ duration: Duration) -> String {
        let tenths = duration.wholeNanoseconds / 100_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
