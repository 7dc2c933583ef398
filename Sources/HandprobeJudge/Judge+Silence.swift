import HandprobeTCP

/// Silence as an answer: what must have been looked at before it is one.
extension Judge {
    /// What was checked, when something of ours had no answer at all.
    func heardSilence(_ findings: [Finding]) -> HeardSilence? {
        guard findings.contains(where: { $0.code == .noAnswer || $0.code == .silenceExpected }) else { return nil }
        let leaving = crafted == nil ? record(.ourSyn).count : 1
        return HeardSilence(
            seenLeaving: leaving, framesLost: framesLost, icmpErrors: errorsSeen, check: silenceCheck)
    }

    /// Why silence may be believed, in a clause; empty when something on this machine spoils it.
    func trust(in log: FindingLog) -> String {
        guard !log.findings.contains(where: { $0.outcome == .degraded }) else { return "" }
        var facts = ["seen leaving", "no frame lost"]
        if errorsSeen == 0 { facts.append("no ICMP error") }
        if let check = silenceCheck {
            if check.nextHop == .resolved { facts.append("next hop resolved") }
            if check.watchesOtherInterfaces { facts.append("other interfaces watched") }
        }
        return "; checked: \(facts.joined(separator: ", "))"
    }
}
