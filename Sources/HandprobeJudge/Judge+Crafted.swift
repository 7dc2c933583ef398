import HandprobeTCP
import HandprobeWire

/// What comes back for one crafted segment that opens nothing.
extension Judge {
    /// A segment of ours after the crafted one.
    mutating func observeAgain(_ segment: TCPSegment, _ crafted: CraftedSegment) {
        guard segment.flags.contains(.rst), firstAnswer != nil else { return }
        say(.resets(.exact))
        say(.remark("ends whatever the answer belongs to"))
    }

    mutating func observeAnswer(_ segment: TCPSegment, to crafted: CraftedSegment) {
        let kind = segment.flags.intersection([.syn, .ack, .rst])
        let words = segment.flags.words
        let after = now.time.since(crafted.moment.time).text
        // A synchronised connection answers so what it cannot accept, an inexact RST included (RFC 5961 §3 to §5).
        if kind == .ack, crafted.isSound {
            note(
                .challenged,
                "the peer answered with a bare ACK \(after) after our segment: it holds a connection with these "
                    + "addresses and ports",
                source: .peer
            )
            return say(.challenges)
        }
        if case .silence(let why) = crafted.due {
            note(.answerNotDue, "\(words) came although no answer is due: \(why)", source: .peer)
            return say(.remark("no answer is due: \(why)"))
        }
        guard kind.contains(.rst) else {
            note(.answerInexact, "\(words) is no answer to our \(crafted.segment.flags.words)", source: .peer)
            return say(.remark("no answer to our segment"))
        }
        let differences = crafted.differences(of: segment)
        guard differences.isEmpty else {
            let list = differences.joined(separator: ", ")
            note(.answerInexact, "the RST is not the one of a port without a connection: \(list)", source: .peer)
            say(.resets(.stray))
            return say(.remark("not the RST that is due: \(list)"))
        }
        craftedIsAnswered = true
        let sentence =
            crafted.due == .reset
            ? "answered as a closed or a listening port must: RST at exactly our ACK, \(after) after our segment"
            : "answered as a closed port must: RST,ACK of exactly our segment, \(after) after it"
        note(.closedPortAnswer, sentence, source: .peer)
        say(.resets(.exact))
    }

    func addSilence(after crafted: CraftedSegment, to log: inout FindingLog) {
        guard interruption == nil else { return }
        let waited = (gaveUp[.anyAnswer]?.after ?? now.time.since(crafted.moment.time)).text
        let what = crafted.segment.flags.words
        let (code, sentence): (FindingCode, String) =
            switch crafted.due {
            case .silence(let why):
                (.silenceExpected, "nothing answered our \(what) within \(waited), as it must be: \(why)")
            case .resetOrSilence:
                (
                    .silenceExpected,
                    "nothing answered our \(what) within \(waited): a listening port drops what has neither SYN, ACK nor "
                        + "RST, and so does a filter"
                )
            case .reset, .synAckOrReset:
                (.noAnswer, "nothing answered our \(what) within \(waited)\(trust(in: log))")
            }
        log.add(
            code, sentence, stage: .postSyn, source: nil, evidence: [crafted.moment.index] + timeout(.anyAnswer))
    }

    /// What an expected answer, or an expected silence, says; nil when there was neither.
    func answer(_ findings: [Finding]) -> String? {
        let codes: [FindingCode] = [.closedPortAnswer, .silenceExpected, .refused, .challenged]
        if let finding = findings.first(where: { codes.contains($0.code) }) {
            let lead = finding.code == .refused ? "answered as a closed port must: " : ""
            return "\(lead)\(finding.sentence) [\(finding.code.rawValue)]"
        }
        guard let firstAnswer, let crafted else { return nil }
        if let confirmation = record(.ourSyn).confirmation, record(.theirSyn).count > 0 {
            let after = confirmation.time.since(crafted.moment.time).text
            return "answered as a listening port must: SYN,ACK of our SYN, \(after) after it"
        }
        let after = firstAnswer.moment.time.since(crafted.moment.time).text
        return "answered with \(firstAnswer.words), \(after) after our segment"
    }
}
