import HandprobeTestKit
import HandprobeWire
import Testing

/// A run of the program across a link that impairs, as the witnesses at both ends saw it.
struct ImpairedRun {
    /// What the witness at our end saw.
    let ours: EdgeRun
    /// What the witness at the peer's end saw.
    let theirs: EdgeRun

    var exitCode: Int32? { ours.result.exitCode }
    var report: EdgeReport { ours.report }
    var text: String { ours.text }

    /// Our SYNs in the order in which they left.
    var syns: [ObservedFrame] { sentFrames { $0.flags.contains(.syn) } }
    /// Our FINs in the order in which they left.
    var fins: [ObservedFrame] { sentFrames { $0.flags.contains(.fin) } }

    private func sentFrames(_ condition: (ObservedSegment) -> Bool) -> [ObservedFrame] {
        ours.frames.filter { $0.outgoing && $0.tcp.map(condition) ?? false }
    }

    /// The first frame from the other end than that of `request` with ACK and everything up to its last octet acknowledged.
    private func confirmation(of request: ObservedFrame) -> ObservedFrame? {
        guard let segment = request.tcp else { return nil }
        let end = segment.seq + segment.payload.count + 1
        return ours.frames.drop { $0 != request }.first {
            $0.outgoing != request.outgoing
                && $0.tcp.map { $0.checksumIsGood && $0.flags.contains(.ack) && end.isAtOrBefore($0.ack) } ?? false
        }
    }

    /// The ledger's rows say what the witness saw: how often we made a request, when each was made first, and when it was
    /// confirmed, in its stamps.
    func expectLedgerAgreement(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let start = try #require(ours.frames.first?.time)
        let theirs = { (flag: TCPFlags) in
            ours.frames.filter { !$0.outgoing && $0.tcp.map { $0.checksumIsGood && $0.flags.contains(flag) } ?? false }
        }
        let requests = [
            ("our SYN", syns), ("their SYN", theirs(.syn)), ("our FIN", fins), ("their FIN", theirs(.fin)),
        ]
        for (request, frames) in requests {
            let row = report.ledger(request)
            let attempts = Self.number(before: " attempt", in: row)
            if request.hasPrefix("our") {
                #expect((attempts ?? 0) == Double(frames.count), "\(text)", sourceLocation: sourceLocation)
            }
            let moments = [("made at ", frames.first), ("confirmed at ", frames.first.flatMap(confirmation))]
            for (words, frame) in moments {
                let seen = frame.map { Self.milliseconds($0.time.since(start)) }
                let said = Self.moment(after: words, in: row)
                #expect((seen == nil) == (said == nil), "\(request) \(words)\n\(text)", sourceLocation: sourceLocation)
                if let seen, let said {
                    #expect(
                        abs(seen - said) < 0.005, "\(request) \(words)\(seen)\n\(text)", sourceLocation: sourceLocation)
                }
            }
        }
    }

    /// The SYN that the peer had last received when the SYN-ACK that came first left it, by the peer's witness: which
    /// attempt it answers, from 1.
    var answeredAttempt: Int? {
        guard let answer = ours.received.first(where: { $0.flags.contains(.syn) && $0.checksumIsGood }),
            let left = theirs.frames.first(where: { $0.outgoing && $0.tcp?.options == answer.options }),
            let cause = theirs.frames.last(where: {
                !$0.outgoing && $0.tcp?.flags.contains(.syn) == true && $0.time.nanoseconds <= left.time.nanoseconds
            })
        else { return nil }
        return syns.firstIndex { $0.tcp?.options == cause.tcp?.options }.map { $0 + 1 }
    }

    /// The attempt that the ledger says was answered; nil when it says that it cannot be told.
    var creditedAttempt: Int? {
        if report.ledger("our SYN").contains(", 1 attempt ") { return 1 }
        guard let row = report.lines.first(where: { $0.contains("attempts at ") }) else { return nil }
        return Self.number(before: " was answered", in: String(row)).map { Int($0) }
    }

    /// The number before `text` in a row.
    private static func number(before text: String, in row: String) -> Double? {
        guard let place = row.firstRange(of: text) else { return nil }
        return row[..<place.lowerBound].split(separator: " ").last.flatMap { Double($0) }
    }

    /// A moment in ms after `text` in a row.
    static func moment(after text: String, in row: String) -> Double? {
        guard let place = row.firstRange(of: text) else { return nil }
        let words = row[place.upperBound...].split(separator: " ", maxSplits: 2)
        guard words.count > 1, let value = Double(words[0].filter { $0 != "," }) else { return nil }
        return words[1].hasPrefix("s") ? value * 1000 : value
    }

    /// A duration in ms.
    static func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }
}
