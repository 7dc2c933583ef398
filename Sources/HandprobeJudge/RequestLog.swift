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

    private(set) var attempts: [Attempt] = []
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

    /// The attempt that the confirmation answers, from 1; nil when it cannot be told.
    ///
    /// The echo of a timestamp decides when it points at one attempt only (RFC 7323 §4). Without it, the latest attempt
    /// is credited unless the round trip it would mean is implausible: much shorter than one measured later, or, when
    /// none was, so long that the attempt before could be meant as well.
    func credited(laterRoundTrip: Duration?) -> Int? {
        guard let confirmation, confirmation.attempts > 0, confirmation.attempts <= attempts.count else { return nil }
        var candidates = Array(0..<confirmation.attempts)
        if candidates.count == 1 { return 1 }
        if let echo = confirmation.echo, echo != 0, attempts[0].stamp != nil {
            candidates = candidates.filter { attempts[$0].stamp == echo }
        }
        guard let latest = candidates.last else { return nil }
        guard candidates.count > 1 else { return latest + 1 }
        let elapsed = { (attempt: Int) in confirmation.time.since(attempts[attempt].time) }
        if let laterRoundTrip {
            let plausible = candidates.last { elapsed($0) >= laterRoundTrip / 2 }
            return plausible.map { $0 + 1 }
        }
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
