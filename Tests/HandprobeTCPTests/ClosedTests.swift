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
