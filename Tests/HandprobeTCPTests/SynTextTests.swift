import HandprobeTCP
import HandprobeWire
import Testing

@Suite("RFC 7413 §4.2: text on the SYN")
struct SynTextTests {
    var machine = HandprobeTCPTests.machine { $0.synText = 100 }

    @Test mutating func confirmedTextIsNotSentAgain() throws {
        try exchange(
            &machine,
            """
            +0    send 5
            +0    open
            +0    > S 0:5(5)
            +.030 < S. 0:0(0) ack 6 win 64240 <mss 1460>
            +0    > . 6:6(0) ack 1
            +0    = ESTABLISHED
            """
        )
        #expect(machine.acknowledgedOctets == 5)
        #expect(machine.srtt == .milliseconds(30))
    }

    @Test mutating func unconfirmedTextIsSentAfterTheHandshake() throws {
        try exchange(
            &machine,
            """
            +0    send 5
            +0    open
            +0    > S 0:5(5)
            +.030 < S. 0:0(0) ack 1 win 64240 <mss 1460>
            +0    > . 1:1(0) ack 1
            +0    > P. 1:6(5) ack 1
            +.030 < . 1:1(0) ack 6 win 64240
            """
        )
        #expect(machine.acknowledgedOctets == 5)
    }

    @Test mutating func whatTheSynHasNoRoomForFollows() throws {
        try exchange(
            &machine,
            """
            +0    send 150
            +0    open
            +0    > S 0:100(100)
            +1    > S 0:100(100)
            +.030 < S. 0:0(0) ack 101 win 64240 <mss 1460>
            +0    > . 101:101(0) ack 1
            +0    > P. 101:151(50) ack 1
            """
        )
    }

    @Test mutating func aRefusalConfirmsTheTextToo() throws {
        let receptions = try exchange(
            &machine,
            """
            +0    send 5
            +0    open
            +0    > S 0:5(5)
            +.030 < R. 0:0(0) ack 6
            """
        )
        #expect(receptions == [.refused])
    }

    @Test mutating func crossingSynsLeaveTheTextForLater() throws {
        try exchange(
            &machine,
            """
            +0    send 5
            +0    open
            +0    > S 0:5(5)
            +.030 < S 0:0(0) win 64240 <mss 1460>
            +0    > S. 0:0(0) ack 1
            +.030 < S. 0:0(0) ack 1 win 64240 <mss 1460>
            +0    > P. 1:6(5) ack 1
            """
        )
    }
}
