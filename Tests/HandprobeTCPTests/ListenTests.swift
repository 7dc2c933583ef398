import HandprobeTCP
import HandprobeWire
import Testing

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
