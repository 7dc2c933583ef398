import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// An answer is never credited to the wrong attempt (RFC 6298 §3, RFC 7323 §4).
struct CreditTests {
    /// Two SYNs a second apart, answered `delay` ms after the second; `echo` is the timestamp echoed, if any.
    private func run(delay: Double, echo: UInt32? = nil, laterRoundTrip: Double? = nil) throws -> Verdict {
        var run = Conversation()
        let stamps = { (value: UInt32, echo: UInt32) in ",TS val \(value) ecr \(echo)" }
        try run.add(
            """
            0    us S 0:0(0) win 64240 <mss 1460\(echo == nil ? "" : stamps(100, 0))>
            1000 us S 0:0(0) win 64240 <mss 1460\(echo == nil ? "" : stamps(1100, 0))>
            """
        )
        let answered = 1000 + delay
        try run.add(
            """
            \(answered) peer S. 0:0(0) ack 1 win 65160 <mss 1460\(echo.map { stamps(7, $0) } ?? "")>
            \(answered) us   . 1:1(0) ack 1 win 502
            \(answered + 1) us   . 1:1(0) ack 2 win 502
            """
        )
        if let laterRoundTrip { try run.add("\(answered + 1 + laterRoundTrip) peer . 1:1(0) ack 1 win 509") }
        return run.verdict(.open(end: .fin))
    }

    /// Two SYNs at once draw two SYN-ACKs: the second says nothing of our ACK.
    @Test func twoAnswersToTwoSynsAreNoRepetition() throws {
        var run = Conversation()
        try run.add(
            """
            0     us S 0:0(0) win 64240 <mss 1460>
            0.003 us S 0:0(0) win 64240 <mss 1460>
            17    peer S. 0:0(0) ack 1 win 65160 <mss 1460>
            18    us   . 1:1(0) ack 1 win 502
            18.1  us   . 1:1(0) ack 2 win 502
            38    peer S. 0:0(0) ack 1 win 65160 <mss 1460>
            48    peer . 1:1(0) ack 1 win 509
            """)
        let verdict = run.verdict(.open(end: .fin))
        #expect(!verdict.codes.contains(.synAckRepeated))
        // Nor does the answer to the question, 10 ms after it, tell which of the two was meant.
        #expect(verdict.ledger.ourSyn.creditedAttempt == nil)
    }

    @Test func timestampEchoDecides() throws {
        let first = try run(delay: 20, echo: 100, laterRoundTrip: 1000)
        #expect(first.ledger.ourSyn.creditedAttempt == 1)
        #expect(first.handshakeRTT == .milliseconds(1020))
        let second = try run(delay: 20, echo: 1100)
        #expect(second.ledger.ourSyn.creditedAttempt == 2)
        #expect(second.handshakeRTT == .milliseconds(20))
    }

    @Test func echoOfTheFirstSynMayBeTheAnswerToTheSecond() throws {
        // The first SYN-ACK was lost; Linux echoes the first SYN in the second one, too.
        for later in [10, nil] as [Double?] {
            let verdict = try run(delay: 11, echo: 100, laterRoundTrip: later)
            #expect(verdict.ledger.ourSyn.creditedAttempt == nil)
            #expect(verdict.handshakeRTT == nil)
            #expect(verdict.codes.contains(.ambiguousAnswer))
        }
    }

    @Test func unknownEchoDecidesNothing() throws {
        let verdict = try run(delay: 20, echo: 555)
        #expect(verdict.ledger.ourSyn.creditedAttempt == nil)
        #expect(verdict.handshakeRTT == nil)
        #expect(verdict.codes.contains(.ambiguousAnswer))
    }

    @Test func promptAnswerIsCreditedToTheLatestAttempt() throws {
        let verdict = try run(delay: 31)
        #expect(verdict.ledger.ourSyn.creditedAttempt == 2)
        #expect(verdict.handshakeRTT == .milliseconds(31))
    }

    @Test func slowAnswerIsCreditedToNone() throws {
        let verdict = try run(delay: 700)
        #expect(verdict.ledger.ourSyn.creditedAttempt == nil)
        #expect(verdict.handshakeRTT == nil)
    }

    @Test func laterRoundTripDecidesWhereTimestampsCannot() throws {
        let slow = try run(delay: 700, laterRoundTrip: 690)
        #expect(slow.ledger.ourSyn.creditedAttempt == 2)
        let late = try run(delay: 31, laterRoundTrip: 1020)
        #expect(late.ledger.ourSyn.creditedAttempt == 1)
        #expect(late.handshakeRTT == .milliseconds(1031))
        #expect(late.codes.contains(.lateAnswer))
    }

    @Test func noTimeIsGivenAcrossAClockStep() throws {
        var run = Conversation()
        try run.add(Opening.plain)
        #expect(run.verdict(.observe).handshakeRTT == .microseconds(41))
        run.add(1, .clockStepped(.seconds(-3)))
        #expect(run.verdict(.observe).handshakeRTT == nil)
    }

    @Test func attemptsAreCountedBeyondThoseKept() throws {
        var run = Conversation()
        for attempt in 0..<40 { try run.add("\(attempt * 1000) us S 0:0(0) win 64240 <mss 1460>") }
        let syn = run.verdict(.observe).ledger.ourSyn
        #expect(syn.attemptCount == 40)
        #expect(syn.attempts.count == 32)
    }
}
