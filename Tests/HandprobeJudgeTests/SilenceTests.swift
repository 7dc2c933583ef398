import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// What was checked before silence was believed is said with it.
struct SilenceTests {
    private func silent(_ change: (inout Conversation) -> Void = { _ in }) throws -> Verdict {
        var conversation = Conversation()
        try conversation.add("0 us S 0:0(0) win 64240 <mss 1460>")
        conversation.add(1000, .timer(.retransmission(nextAttempt: 2)))
        try conversation.add("1000 us S 0:0(0) win 64240 <mss 1460>")
        change(&conversation)
        conversation.add(3000, .timer(.gaveUp(.synAck, after: .seconds(3))))
        return conversation.verdict(.open(end: .fin))
    }

    @Test func namesWhatWasChecked() throws {
        let check = SilenceCheck(nextHop: .resolved, watchesOtherInterfaces: true)
        let verdict = try silent { $0.add(2999, .silenceChecked(check)) }
        #expect(
            verdict.finding(.noAnswer)?.sentence
                == "nothing answered our SYN (sent 2 times) within 3.000 s; checked: seen leaving, no frame lost, "
                + "no ICMP error, next hop resolved, other interfaces watched")
        #expect(verdict.silence == HeardSilence(seenLeaving: 2, framesLost: 0, icmpErrors: 0, check: check))
        #expect(verdict.outcome == .noAnswer)
    }

    /// What was not checked is not claimed.
    @Test func claimsNothingElse() throws {
        let verdict = try silent()
        let sentence = try #require(verdict.finding(.noAnswer)?.sentence)
        #expect(sentence.hasSuffix("; checked: seen leaving, no frame lost, no ICMP error"))
        #expect(verdict.silence == HeardSilence(seenLeaving: 2, framesLost: 0, icmpErrors: 0))
        let tunnel = try silent {
            $0.add(2999, .silenceChecked(SilenceCheck(nextHop: .notNeeded, watchesOtherInterfaces: false)))
        }
        #expect(tunnel.finding(.noAnswer)?.sentence.hasSuffix("no ICMP error") == true)
    }

    /// A next hop that has not answered explains the silence: it is not the peer's.
    @Test func anUnresolvedNextHopIsNoSilence() throws {
        let verdict = try silent {
            $0.add(2999, .silenceChecked(SilenceCheck(nextHop: .unresolved, watchesOtherInterfaces: true)))
        }
        #expect(verdict.outcome == .degraded)
        #expect(verdict.finding(.neighbourUnresolved)?.evidence == [3])
        #expect(verdict.finding(.noAnswer)?.sentence.contains("checked") == false)
    }

    @Test func lossSpoilsIt() throws {
        let verdict = try silent { $0.add(2000, .captureLoss(frames: 2)) }
        #expect(verdict.outcome == .degraded)
        #expect(verdict.finding(.noAnswer)?.sentence.contains("checked") == false)
        #expect(verdict.silence?.framesLost == 2)
    }

    @Test func anErrorThatIsNotOursIsCounted() throws {
        let verdict = try silent { $0.add(2000, $0.icmp(type: 3, code: 1, isOurs: false)) }
        #expect(verdict.finding(.noAnswer)?.sentence.contains("ICMP") == false)
        #expect(verdict.silence?.icmpErrors == 1)
    }

    /// Where nothing rests on silence, nothing was checked.
    @Test func anAnswerNeedsNone() throws {
        var conversation = Conversation()
        try conversation.add(Opening.plain)
        #expect(conversation.verdict(.observe).silence == nil)
    }

    /// An ICMP error says what of ours it quotes and how far that had come.
    @Test func anErrorSaysWhatItQuotes() throws {
        var conversation = Conversation()
        try conversation.add("0 us S 0:0(0) win 64240 <mss 1460>")
        conversation.add(3, conversation.icmp(type: 11, code: 0))
        let (_, readings) = conversation.judged(.open(end: .fin))
        #expect(
            readings[1].meanings == [
                .reportsError("hop limit exceeded in transit"),
                .remark("quotes our SYN, with TTL 64 when it was discarded"),
            ])
    }
}
