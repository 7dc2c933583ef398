import HandprobeTCP
import HandprobeWire
import Testing

@Suite("RFC 9293 §3.10.7.1 CLOSED")
struct ClosedTests {
    private func answer(to segment: TCPSegment) -> (Reception, TCPSegment?) {
        var machine = HandprobeTCPTests.machine()
        let now = Instant(nanoseconds: 0)
        let reception = machine.segmentArrives(segment, at: now)
        return (reception, machine.poll(at: now))
    }

    @Test func withoutAckTheResetAcknowledgesEverything() {
        let seq = SequenceNumber(0xFFFF_FFFF)
        for (flags, length) in [(TCPFlags.syn, 1), (.fin, 1), ([.syn, .fin], 2), ([], 0)] {
            let (reception, reset) = answer(to: TCPSegment(seq: seq, flags: flags, payload: octets(3)[...]))
            #expect(reception == .noConnection)
            #expect(reset?.flags == [.rst, .ack])
            #expect(reset?.seq == SequenceNumber(0))
            #expect(reset?.ack == seq + 3 + length)
            #expect(reset?.payload.isEmpty == true)
        }
    }

    @Test func withAckTheResetStandsExactlyThere() {
        for flags in [TCPFlags.ack, [.ack, .syn], [.ack, .fin]] {
            let (reception, reset) = answer(
                to: TCPSegment(seq: .remote, ack: SequenceNumber(77), flags: flags, payload: octets(9)[...])
            )
            #expect(reception == .noConnection)
            #expect(reset?.flags == .rst)
            #expect(reset?.seq == SequenceNumber(77))
        }
    }

    @Test func aResetIsNeverAnswered() {
        for ack in [nil, SequenceNumber(5)] {
            let (reception, reset) = answer(to: TCPSegment(seq: .remote, ack: ack, flags: .rst))
            #expect(reception == .ignored(.resetWithoutConnection))
            #expect(reset == nil)
        }
    }

    /// A probe after our own RST finds CLOSED here as well.
    @Test func afterAnAbortSegmentsAreAnsweredWithReset() throws {
        var machine = HandprobeTCPTests.machine()
        try exchange(
            &machine,
            """
            +0 open
            +0 > S 0:0(0)
            +0 < S. 0:0(0) ack 1 win 9
            +0 > . 1:1(0) ack 1
            +0 abort
            +0 > R 1:1(0)
            +0 = CLOSED
            +1 < . 1:1(0) ack 1
            +0 > R 1:1(0)
            """
        )
        #expect(machine.outcome == .aborted)
        machine.openActive(at: Instant(nanoseconds: 0))
        #expect(machine.state == .closed, "a connection is used once")
        #expect(machine.send([1], at: Instant(nanoseconds: 0)) == false)
    }
}

@Suite("RFC 9293 §3.10.7.2 LISTEN")
struct ListenTests {
    var machine = HandprobeTCPTests.machine()

    @Test mutating func aSynIsAnswered() throws {
        let receptions = try exchange(
            &machine,
            """
            +0   listen
            +1   < S 0:0(0) win 1000 <mss 1400>
            +0   > S. 0:0(0) ack 1 win 65535
            +0   = SYN-RECEIVED
            +.02 < . 1:1(0) ack 1 win 900
            +0   = ESTABLISHED
            """
        )
        var advance = Advance()
        advance.synAcknowledged = true
        advance.roundTrip = .milliseconds(20)
        #expect(receptions == [.synReceived, .established(advance)])
        #expect(machine.isPassive)
        #expect(machine.sndWnd == 900)
        #expect(machine.peerMSS == 1400)
    }

    /// First RST, second ACK, fourth anything else.
    @Test mutating func nothingElseIs() throws {
        let receptions = try exchange(
            &machine,
            """
            +0 listen
            +0 < R 0:0(0)
            +0 < R. 0:0(0) ack 1
            +0 < . 0:0(0) ack 7
            +0 > R 7:7(0)
            +0 < S. 0:0(0) ack 9
            +0 > R 9:9(0)
            +0 < F 0:0(0)
            +0 < - 0:10(10)
            +0 = LISTEN
            """
        )
        #expect(
            receptions == [
                .ignored(.resetWithoutConnection), .ignored(.resetWithoutConnection), .unacceptableAck,
                .unacceptableAck, .ignored(.noSyn), .ignored(.noSyn),
            ]
        )
    }

    @Test mutating func textAndFinOnTheSynWaitForEstablished() throws {
        try exchange(
            &machine,
            """
            +0   listen
            +0   < SF 0:10(10) win 1000
            +0   > S. 0:0(0) ack 1
            +0   receive 0
            +.01 < . 12:12(0) ack 1 win 1000
            +0   > . 1:1(0) ack 12
            +0   = CLOSE-WAIT
            +0   receive 10
            """
        )
    }

    @Test mutating func anAnswerMayBeReadyBeforeTheRequest() throws {
        try exchange(
            &machine,
            """
            +0   listen
            +0   send 50
            +0   < S 0:0(0) win 1000
            +0   > S. 0:0(0) ack 1
            +.01 < P. 1:11(10) ack 1 win 1000
            +0   > P. 1:51(50) ack 11
            """
        )
    }

    @Test mutating func closeAndAbort() throws {
        var second = machine
        var third = machine
        try exchange(&machine, "+0 listen\n+0 close\n+0 = CLOSED")
        #expect(machine.outcome == .abandoned)
        try exchange(&second, "+0 listen\n+0 abort\n+0 = CLOSED")
        #expect(second.outcome == .aborted)
        try exchange(&third, "+0 listen\n+0 open\n+0 > S 0:0(0)\n+0 = SYN-SENT")
        #expect(!third.isPassive)
    }
}

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
