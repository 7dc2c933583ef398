import HandprobeTCP
import HandprobeWire
import Testing

@Suite("RFC 9293 §3.10.7.3 SYN-SENT")
struct SynSentTests {
    var machine = HandprobeTCPTests.machine()

    @Test mutating func synAckEstablishes() throws {
        let receptions = try exchange(
            &machine,
            """
            +0    open
            +0    > S 0:0(0) win 65535
            +.030 < S. 0:0(0) ack 1 win 64240 <mss 1460>
            +0    > . 1:1(0) ack 1 win 65535
            +0    = ESTABLISHED
            """
        )
        var advance = Advance()
        advance.synAcknowledged = true
        advance.roundTrip = .milliseconds(30)
        #expect(receptions == [.established(advance)])
        #expect(machine.srtt == .milliseconds(30))
        #expect(machine.peerMSS == 1460)
    }

    @Test mutating func segmentsCarryOurPorts() throws {
        machine.openActive(at: Instant(nanoseconds: 0))
        let polled = machine.poll(at: Instant(nanoseconds: 0))
        let segment = try #require(polled)
        #expect(segment.header.sourcePort == 40000)
        #expect(segment.header.destinationPort == 80)
        #expect(machine.lastTransmission == Transmission(kind: .syn, attempt: 1))
    }

    @Test mutating func silenceHasThreeSynsAndEndsAfterSevenSeconds() throws {
        try exchange(
            &machine,
            """
            +0   open
            +0   > S 0:0(0)
            +1   > S 0:0(0)
            +2   > S 0:0(0)
            +3.999999999 = SYN-SENT
            +.000000001 = CLOSED
            """
        )
        #expect(machine.outcome == .gaveUp(.synAcknowledgment))
        #expect(machine.lastTransmission == Transmission(kind: .syn, attempt: 3))
        #expect(machine.nextTimeout == nil)
    }

    /// First, check the ACK bit: Figure 8's line 4, and the bare ACK of Figure 9's line 4.
    @Test(arguments: ["S. 0:0(0) ack 0", "S. 0:0(0) ack 2", ". 0:0(0) ack -5", ". 9:9(0) ack 700", "S. 0:0(0) ack -10"])
    func unacceptableAckDrawsExactResetAndChangesNothing(answer: String) throws {
        var machine = HandprobeTCPTests.machine()
        let ack = answer.split(separator: " ").last!
        let receptions = try exchange(
            &machine,
            """
            +0  open
            +0  > S 0:0(0)
            +.5 < \(answer) win 100
            +0  > R \(ack):\(ack)(0)
            +0  = SYN-SENT
            +.5 > S 0:0(0)
            +.1 < S. 0:0(0) ack 1 win 100
            +0  > . 1:1(0) ack 1
            """
        )
        #expect(receptions.first == .unacceptableAck)
        #expect(machine.state == .established)
        // Karn: the SYN went out twice, so nothing was measured.
        #expect(machine.srtt == nil)
    }

    /// Second, check the RST bit.
    @Test(arguments: [
        ("R. 0:0(0) ack 1", Reception.refused, ConnectionState.closed),
        ("R. 77:77(0) ack 1", .refused, .closed),
        ("R. 0:0(0) ack 2", .ignored(.resetWithWrongAck), .synSent),
        ("R. 0:0(0) ack 0", .ignored(.resetWithWrongAck), .synSent),
        ("R 0:0(0)", .ignored(.resetWithoutAck), .synSent),
        ("F. 0:0(0) ack 1", .ignored(.noSyn), .synSent),
        (". 0:10(10) ack 1", .ignored(.noSyn), .synSent),
        ("- 0:0(0)", .ignored(.noSyn), .synSent),
    ])
    func resetAndOthers(answer: String, reception: Reception, state: ConnectionState) throws {
        var machine = HandprobeTCPTests.machine()
        let receptions = try exchange(
            &machine,
            """
            +0   open
            +0   > S 0:0(0)
            +.01 < \(answer)
            """
        )
        #expect(receptions == [reception])
        #expect(machine.state == state)
        #expect(machine.outcome == (state == .closed ? .refused : nil))
    }

    @Test mutating func textAndFinOnTheSynAckAreTaken() throws {
        let receptions = try exchange(
            &machine,
            """
            +0   open
            +0   > S 0:0(0)
            +.01 < SF. 0:20(20) ack 1 win 1000
            +0   > . 1:1(0) ack 22
            +0   = CLOSE-WAIT
            """
        )
        #expect(receptions.first?.advance?.deliveredOctets == 20)
        #expect(receptions.first?.advance?.peerFin == true)
        #expect(machine.receive() == octets(20))
    }

    @Test mutating func aRepeatedSynAckIsAcknowledgedAgain() throws {
        let receptions = try exchange(
            &machine,
            """
            +0   open
            +0   > S 0:0(0)
            +.01 < S. 0:0(0) ack 1 win 1000
            +0   > . 1:1(0) ack 1
            +1   < S. 0:0(0) ack 1 win 1000
            +0   > . 1:1(0) ack 1
            +0   = ESTABLISHED
            """
        )
        #expect(receptions.last == .duplicate)
    }

    @Test mutating func closeAndAbortBeforeAnyAnswerSendNothing() throws {
        var second = machine
        try exchange(&machine, "+0 open\n+0 > S 0:0(0)\n+1 > S 0:0(0)\n+0 close\n+9 = CLOSED")
        #expect(machine.outcome == .abandoned)
        try exchange(&second, "+0 open\n+0 > S 0:0(0)\n+0 abort\n+9 = CLOSED")
        #expect(second.outcome == .aborted)
    }

    @Test mutating func aClosedWindowInTheSynAckIsProbedAndDataWaits() throws {
        try exchange(
            &machine,
            """
            +0   open
            +0   send 100
            +0   > S 0:0(0)
            +.01 < S. 0:0(0) ack 1 win 0
            +0   > . 1:1(0) ack 1
            +.5  < . 1:1(0) ack 1 win 500
            +0   > P. 1:101(100) ack 1
            """
        )
    }

    @Test(arguments: [UInt32(0), 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF])
    func everyInitialSequenceNumberWorks(iss: UInt32) throws {
        var machine = HandprobeTCPTests.machine { $0.iss = SequenceNumber(iss) }
        let now = Instant(nanoseconds: 0)
        machine.openActive(at: now)
        let first = machine.poll(at: now)
        let syn = try #require(first)
        #expect(syn.seq.rawValue == iss)
        let theirs = SequenceNumber(iss &+ 0x8000_0000)
        _ = machine.segmentArrives(TCPSegment(seq: theirs, ack: syn.end, flags: .syn, wnd: 9), at: now)
        #expect(machine.state == .established)
        let third = machine.poll(at: now)
        let ack = try #require(third)
        #expect(ack.seq.rawValue == iss &+ 1)
        #expect(ack.ack == theirs + 1)
    }
}
