import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// Something said beside a segment: its meaning, or a fact of its capture that nobody may overlook.
struct SideRemark: Sendable {
    /// Harmless clauses that belong together.
    var clauses: [String]
    /// Their colour.
    var ink: Ink

    init(_ clauses: [String], _ ink: Ink) {
        self.clauses = clauses
        self.ink = ink
    }

    /// The clauses in lines of at most `columns` columns.
    func lines(columns: Int) -> [String] {
        WordWrap.packed(clauses, separator: "; ", columns: columns)
    }

    /// Everything to say beside one event, its meaning first.
    static func all(for event: Event, _ reading: Reading, index: Int, style: TextStyle) -> [SideRemark] {
        var remarks: [SideRemark] = []
        let meanings = MeaningText.phrases(reading, of: event.kind).map(style.safe)
        if !meanings.isEmpty { remarks.append(SideRemark(meanings, MeaningText.ink(reading))) }
        if case .segment(let observed) = event.kind {
            remarks += facts(observed, reading).map { SideRemark([style.safe($0)], .warning) }
        }
        if style.verbosity == .verbose { remarks.append(SideRemark(["event \(index)"], .dim)) }
        return remarks
    }

    private static func facts(_ observed: ObservedSegment, _ reading: Reading) -> [String] {
        var facts: [String] = []
        if case .router(let address) = observed.origin { facts.append("sent by router \(address)") }
        if observed.checksum == .bad, reading.meanings.isEmpty { facts.append("its checksum is wrong") }
        if observed.isCoalesced { facts.append("several segments merged before capture") }
        if observed.missingOctets > 0 { facts.append("\(observed.missingOctets) octets not captured") }
        facts += observed.rewritten.map { "\($0.field) \($0.left) left, \($0.crafted) was crafted" }
        return facts
    }
}
