/// The findings so far: each code once per source, with its first events. Bounded.
struct FindingLog: Hashable, Sendable {
    static let mostFindings = 64
    static let mostEvidence = 16

    private(set) var findings: [Finding] = []
    /// How often each finding was made, at the same place as in `findings`.
    private(set) var counts: [Int] = []

    /// True when there is a finding with this code.
    func contains(_ code: FindingCode) -> Bool {
        findings.contains { $0.code == code }
    }

    /// Adds a finding, or its evidence to the same finding made before.
    mutating func add(_ code: FindingCode, _ sentence: String, stage: Stage, source: Origin?, evidence: [Int]) {
        if let place = findings.firstIndex(where: { $0.code == code && $0.source == source }) {
            counts[place] += 1
            let room = Self.mostEvidence - findings[place].evidence.count
            findings[place].evidence += evidence.filter { !findings[place].evidence.contains($0) }.prefix(max(0, room))
            return
        }
        guard findings.count < Self.mostFindings else { return }
        let evidence = Array(evidence.prefix(Self.mostEvidence))
        findings.append(Finding(code: code, sentence: sentence, stage: stage, source: source, evidence: evidence))
        counts.append(1)
    }

    /// The findings, each that was made several times saying so.
    var counted: [Finding] {
        var counted = findings
        for (place, count) in counts.enumerated() where count > 1 {
            counted[place].sentence += " (\(count) times)"
        }
        return counted
    }
}
