import HandprobeTCP
import HandprobeWire
import Testing

@Suite("RFC 9293 §3.10.7.4 SYN-RECEIVED")
struct SynReceivedTests {
    static let passive = "+0 listen\n+0 < S 0:0(0) win 1000\n+0 > S. 0:0(0) ack 1\n"
    static let active = "+0 open\n+0 > S 0:0(0)\n+0 < S 0:0(0) win 1000\n+0 > S. 0:0(0) ack 1\n"

    @Test func anExactResetReturnsAPassiveOpenerToListenAndEndsAnActiveOne() throws {
        var machine = HandprobeTCPTests.machine()
        let receptions = try exchange(
            &machine,
            Self.passive + "+0 < R 1:1(0)\n+0 = LISTEN\n+9 < S 0:0(0) win 9\n+0 > S. 0:0(0) ack 1"
        )
        #expect(receptions[1] == .returnedToListen)
        #expect(machine.outcome == nil)
        machine = HandprobeTCPTests.machine()
        #expect(try exchange(&machine, Self.active + "+0 < R 1:1(0)\n+9 = CLOSED").last == .refused)
        #expect(machine.outcome == .refused)
    }

    @Test(arguments: [passive, active])
    func otherResetsDoNot(opening: String) throws {
        var machine = HandprobeTCPTests.machine()
        let receptions = try exchange(
            &machine,
            opening + """
                +.1 < R 2:2(0)
                +0 > . 1:1(0) ack 1
                +0 < R 0:0(0)
                +0 < R 70000:70000(0)
                +0 = SYN-RECEIVED
                """
        )
        #expect(
            receptions.suffix(3) == [.challenged(.reset), .ignored(.resetOutOfWindow), .ignored(.resetOutOfWindow)])
    }

    /// A window that opens concerns data: our SYN, not confirmed yet, is repeated when its time has come.
    @Test func aWindowThatOpensLeavesTheTimerOfOurSynAlone() throws {
        var machine = HandprobeTCPTests.machine()
        try exchange(
            &machine,
            """
            +0 listen
            +0 < S 0:0(0) win 0
            +0 > S. 0:0(0) ack 1
            +0 close
            +0 = FIN-WAIT-1
            +.1 < . 1:1(0) ack 0 win 1000
            +0 > F. 1:1(0) ack 1
            +.9 > S. 0:0(0) ack 1
            """
        )
    }

    @Test func aSynInTheWindowReturnsAPassiveOpenerToListenAndIsChallengedByAnActiveOne() throws {
        var machine = HandprobeTCPTests.machine()
        #expect(try exchange(&machine, Self.passive + "+0 < S 5:5(0)\n+0 = LISTEN").last == .returnedToListen)
        machine = HandprobeTCPTests.machine()
        let receptions = try exchange(
            &machine,
            Self.active + "+0 < S 5:5(0)\n+0 > . 1:1(0) ack 1\n+0 = SYN-RECEIVED"
        )
        #expect(receptions.last == .challenged(.syn))
    }

    @Test(arguments: [passive, active])
    func theSameSynAgainHasTheSameAnswerAgain(opening: String) throws {
        var machine = HandprobeTCPTests.machine()
        let receptions = try exchange(
            &machine,
            opening + "+.5 < S 0:0(0) win 1000\n+0 > S. 0:0(0) ack 1\n+.5 > S. 0:0(0) ack 1\n+.1 < . 1:1(0) ack 1 win 9"
        )
        #expect(receptions[1] == .duplicate)
        #expect(machine.state == .established)
        #expect(machine.srtt == nil)
    }

    @Test(arguments: [passive, active], [-5, 0, 2, 1_000_000])
    func anUnacceptableAckDrawsAnExactReset(opening: String, ack: Int) throws {
        var machine = HandprobeTCPTests.machine()
        let receptions = try exchange(
            &machine,
            opening + """
                +0 < . 1:1(0) ack \(ack) win 9
                +0 > R \(ack):\(ack)(0)
                +0 = SYN-RECEIVED
                +0 < - 1:6(5)
                """
        )
        #expect(receptions.suffix(2) == [.unacceptableAck, .ignored(.noAck)])
    }

    @Test(arguments: [passive, active])
    func textAndFinWithTheAckAreTaken(opening: String) throws {
        var machine = HandprobeTCPTests.machine()
        try exchange(
            &machine,
            opening + "+.1 < FP. 1:11(10) ack 1 win 9\n+0 > . 1:1(0) ack 12\n+0 = CLOSE-WAIT\n+0 receive 10"
        )
    }

    @Test(arguments: [passive, active])
    func textBeyondAGapEstablishesAndWaits(opening: String) throws {
        var machine = HandprobeTCPTests.machine()
        try exchange(
            &machine,
            opening + """
                +.1 < P. 11:21(10) ack 1 win 9
                +0 > . 1:1(0) ack 1
                +0 = ESTABLISHED
                +.1 < P. 1:11(10) ack 1 win 9
                +0 > . 1:1(0) ack 21
                """
        )
    }

    @Test(arguments: [passive, active])
    func closeSendsAFinAtOnceUnlessDataWaits(opening: String) throws {
        var machine = HandprobeTCPTests.machine()
        try exchange(
            &machine,
            opening + """
                +0 close
                +0 = FIN-WAIT-1
                +0 > F. 1:1(0) ack 1
                +1 > S. 0:0(0) ack 1
                +.1 < . 1:1(0) ack 1 win 500
                +3 > F. 1:1(0) ack 1
                +.1 < . 1:1(0) ack 2 win 500
                +0 = FIN-WAIT-2
                """
        )
        machine = HandprobeTCPTests.machine()
        try exchange(
            &machine,
            opening + """
                +0 send 5
                +0 close
                +0 = SYN-RECEIVED
                +0 < . 1:1(0) ack 1 win 500
                +0 > FP. 1:6(5) ack 1
                +0 = FIN-WAIT-1
                """
        )
    }

    @Test(arguments: [passive, active])
    func abortSendsAReset(opening: String) throws {
        var machine = HandprobeTCPTests.machine()
        try exchange(&machine, opening + "+0 abort\n+0 > R 1:1(0)\n+9 = CLOSED")
        #expect(machine.outcome == .aborted)
    }

    @Test(arguments: [passive, active])
    func silenceEndsItWithAReset(opening: String) throws {
        var machine = HandprobeTCPTests.machine()
        try exchange(&machine, opening + "+1 > S. 0:0(0) ack 1\n+2 > S. 0:0(0) ack 1\n+4 > R 1:1(0)\n+0 = CLOSED")
        #expect(machine.outcome == .gaveUp(.synAcknowledgment))
    }
}
