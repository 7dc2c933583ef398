import HandprobeWire

/// Every attempt of one request and what confirmed it; the first attempts in full, the others by their number.
struct RequestLog: Hashable, Sendable {
    static let mostAttempts = 32

    /// One attempt.
    struct Attempt: Hashable, Sendable {
        var time: Timestamp
        var index: Int
        /// TSval, when it carried timestamps.
        var stamp: UInt32?
    }

    /// What confirmed the request.
    struct Confirmation: Hashable, Sendable {
        var time: Timestamp
        var index: Int
        var flags: TCPFlags
        /// TSecr, when it carried timestamps.
        var echo: UInt32?
        /// Attempts made until then.
        var attempts: Int
    }

    private(set) var attempts = RequestAttempts()
    /// All attempts, those not kept included.
    private(set) var count = 0
    var confirmation: Confirmation?

    mutating func attempt(_ segment: TCPSegment, at time: Timestamp, index: Int) -> Int {
        count += 1
        if attempts.count < Self.mostAttempts {
            attempts.append(Attempt(time: time, index: index, stamp: segment.options.timestamps?.value))
        }
        return count
    }

    mutating func confirm(_ segment: TCPSegment, at time: Timestamp, index: Int) {
        guard confirmation == nil else { return }
        confirmation = Confirmation(
            time: time,
            index: index,
            flags: segment.flags,
            echo: segment.options.timestamps?.echoReply,
            attempts: count
        )
    }

    /// How much the answer may differ from a later round trip: half of the second after which a peer repeats a SYN-ACK
    /// that was lost (RFC 6298 §2.1).
    private static let slack = Duration.milliseconds(500)
    /// How much better one attempt must suit than another: round trips vary.
    private static let leastDifference = Duration.milliseconds(100)

    /// The only attempt whose timestamp the confirmation echoes, from 1: the first one that the peer received.
    var echoed: Int? {
        guard let confirmation else { return nil }
        let matches = echoCandidates(confirmation)
        return matches.count == 1 && confirmation.attempts > 1 ? matches[0] + 1 : nil
    }

    /// The attempts that the confirmation's echo allows, from 0; all that were made where there is no echo.
    private func echoCandidates(_ confirmation: Confirmation) -> [Int] {
        let made = Array(attempts.indices.prefix(confirmation.attempts))
        guard let echo = confirmation.echo, echo != 0, attempts.first?.stamp != nil else { return made }
        return made.filter { attempts[$0].stamp == echo }
    }

    /// The attempt that the confirmation answers, from 1; nil when it cannot be told.
    ///
    /// The echo of a timestamp names the attempts that it may be (RFC 7323 §4). That alone is proof only of the latest:
    /// a peer goes on echoing the first SYN it received, also when it answers another, or repeats an answer that was lost
    /// (Linux does). A round trip measured later tells how long an answer takes. Without one, the latest attempt is
    /// credited, unless its answer took so long that the attempt before could be meant as well.
    func credited(laterRoundTrip: Duration?) -> Int? {
        guard let confirmation, confirmation.attempts > 0, confirmation.attempts <= attempts.count else { return nil }
        if confirmation.attempts == 1 { return 1 }
        let candidates = echoCandidates(confirmation)
        guard let latest = candidates.last else { return nil }
        let elapsed = { (attempt: Int) in confirmation.time.since(attempts[attempt].time) }
        if let laterRoundTrip {
            let surprise = { (attempt: Int) in
                max(elapsed(attempt), laterRoundTrip) - min(elapsed(attempt), laterRoundTrip)
            }
            let ranked = candidates.sorted { surprise($0) < surprise($1) }
            guard let nearest = ranked.first, surprise(nearest) <= Self.slack else { return nil }
            // Two that left together are not told apart by what a round trip varies by.
            let isPlain = ranked.count == 1 || surprise(ranked[1]) - surprise(nearest) >= Self.leastDifference
            return isPlain ? nearest + 1 : nil
        }
        guard latest == confirmation.attempts - 1 else { return nil }
        if candidates.count == 1 { return latest + 1 }
        let gap = attempts[latest].time.since(attempts[candidates[candidates.count - 2]].time)
        return elapsed(latest) <= gap / 2 ? latest + 1 : nil
    }

    /// The public record.
    func record(laterRoundTrip: Duration?, unconfirmedBecause: String?) -> RequestRecord {
        var record = RequestRecord()
        record.attempts = attempts.map(\.time)
        record.attemptCount = count
        record.confirmedAt = confirmation?.time
        record.confirmedBy = confirmation?.index
        record.confirmingFlags = confirmation?.flags
        record.creditedAttempt = credited(laterRoundTrip: laterRoundTrip)
        record.unconfirmedBecause = confirmation == nil && count > 0 ? unconfirmedBecause : nil
        return record
    }
}
