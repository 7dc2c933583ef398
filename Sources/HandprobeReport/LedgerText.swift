public import HandprobeJudge
import HandprobeTCP
public import HandprobeWire

/// The four requests of a connection and what became of each, one under the other.
public enum LedgerText {
    /// The lines; none in a quiet style. `start` is the time of the transcript's first event.
    public static func lines(_ verdict: Verdict, start: Timestamp, style: TextStyle) -> [String] {
        guard style.verbosity != .quiet else { return [] }
        let layout = Layout(
            made: RequestKind.allCases.map { made(verdict.ledger[$0], $0, start) },
            columns: style.columns
        )
        var lines: [InkedLine] = layout.isTitleAbove ? [InkedLine("ledger", .bold)] : []
        for (index, kind) in RequestKind.allCases.enumerated() {
            let record = verdict.ledger[kind]
            let became = became(verdict, kind, start, style)
            let attempts = attempts(record, kind, start).map { SideRemark([$0], .dim) }
            let madeInk: Ink = record.madeAt == nil ? .dim : .plain
            var line = InkedLine()
            if index == 0, !layout.isTitleAbove { line.append("ledger", .bold) }
            line.pad(to: layout.title)
            line.append(kind.rawValue)
            if layout.isStacked {
                let all = [SideRemark([layout.made[index]], madeInk)] + became + attempts
                lines += line.continued(by: all, at: layout.details, columns: style.columns)
            } else {
                line.pad(to: layout.details)
                line.append(layout.made[index], madeInk)
                lines += line.continued(by: became, at: layout.outcome, columns: style.columns)
                guard !attempts.isEmpty else { continue }
                lines += InkedLine().continued(by: attempts, at: layout.details, columns: style.columns)
            }
        }
        return lines.map { $0.text(in: style) }
    }

    /// Where the parts of a row stand.
    private struct Layout {
        /// When each request was made, in words.
        var made: [String]
        /// True where the title has a line of its own.
        var isTitleAbove: Bool
        /// True where a request's parts stand below each other.
        var isStacked: Bool
        /// The column of a request's name.
        var title: Int
        /// The column of when it was made.
        var details: Int
        /// The column of what became of it.
        var outcome: Int

        init(made: [String], columns: Int) {
            self.made = made
            isTitleAbove = columns < 100
            title = isTitleAbove ? 2 : 9
            let longest = made.map(\.count).max() ?? 0
            outcome = title + 11 + longest + (isTitleAbove ? 2 : 4)
            isStacked = columns - outcome < 24
            details = isStacked ? title + 2 : title + 11
        }
    }

    /// When a request was first made, and how often.
    static func made(_ record: RequestRecord, _ kind: RequestKind, _ start: Timestamp) -> String {
        guard let first = record.madeAt else { return "not made" }
        let text = "made at \(DurationText.moment(first.since(start)))"
        if count(record) > 1 { return "\(text), \(count(record)) attempts" }
        return kind.isOurs ? "\(text), 1 attempt" : text
    }

    /// What became of it.
    static func became(_ verdict: Verdict, _ kind: RequestKind, _ start: Timestamp, _ style: TextStyle)
        -> [SideRemark]
    {
        let record = verdict.ledger[kind]
        guard record.madeAt != nil else { return [] }
        guard let confirmed = record.confirmedAt else {
            let why = record.unconfirmedBecause.map { ": \($0)" } ?? ""
            return [SideRemark([style.safe("not confirmed\(why)")], .warning)]
        }
        var text = "confirmed at \(DurationText.moment(confirmed.since(start)))"
        if let flags = record.confirmingFlags {
            text += " by \(kind.isOurs ? "their" : "our") \(FlagsText.kind(flags))"
        }
        guard kind == .theirSyn else { return [SideRemark([text], .good)] }
        let proof = proof(verdict, start)
        return [SideRemark([text] + proof.clauses, proof.ink)]
    }

    private static func proof(_ verdict: Verdict, _ start: Timestamp) -> SideRemark {
        guard let proof = verdict.openProof else { return SideRemark(["open not proved"], .warning) }
        let at = verdict.openProvedAt.map { " at \(DurationText.moment($0.since(start)))" } ?? ""
        switch proof {
        case .ourOctetsAcknowledged:
            let isFin = verdict.openProvedBy != nil && verdict.openProvedBy == verdict.ledger.ourFin.confirmedBy
            return SideRemark(["open proved\(at) by their ACK of our \(isFin ? "FIN" : "data")"], .good)
        case .peerData:
            return SideRemark(["open proved\(at) by their data"], .good)
        case .peerFin:
            return SideRemark(["open proved\(at) by their FIN"], .good)
        case .challengeAnswered:
            return SideRemark(["open proved\(at) by their ACK in answer to our question"], .good)
        case .ourSynAcknowledged:
            return SideRemark(["open proved\(at) by their ACK of our SYN"], .good)
        case .noRepeatedSynAck:
            return SideRemark(["open is likely, no SYN-ACK was repeated for 1.2 s"], .warning)
        }
    }

    /// How many attempts there were; the record keeps the times of the first ones only.
    private static func count(_ record: RequestRecord) -> Int {
        max(record.attemptCount, record.attempts.count)
    }

    /// Every attempt's time and the one that was answered, when there is more than one.
    static func attempts(_ record: RequestRecord, _ kind: RequestKind, _ start: Timestamp) -> [String] {
        guard record.attempts.count > 1 else { return [] }
        let times = record.attempts.map { DurationText.number($0.since(start)) }
        let hidden = count(record) - times.count
        var text = "attempts at \(times.dropLast().joined(separator: ", "))"
        text += hidden > 0 ? ", \(times.last ?? "") ms and \(hidden) more" : " and \(times.last ?? "") ms"
        guard let confirmed = record.confirmedAt else { return [text] }
        guard let credited = record.creditedAttempt, record.attempts.indices.contains(credited - 1) else {
            return [text + "; which of them was answered cannot be told"]
        }
        text += "; number \(credited) was answered"
        // What the peer sent and we have captured was not lost on its way to us.
        guard credited > 1, kind.isOurs, let first = record.madeAt else { return [text] }
        let whole = DurationText.length(confirmed.since(first))
        let last = DurationText.length(confirmed.since(record.attempts[credited - 1]))
        let name = kind == .ourSyn ? "SYN" : "FIN"
        let lost = credited == 2 ? "1 lost \(name)" : "\(credited - 1) lost \(name)s"
        return [text, "\(whole) = \(lost) + \(last)"]
    }
}

extension RequestKind {
    /// True for the requests this end makes.
    var isOurs: Bool { self == .ourSyn || self == .ourFin }
}
