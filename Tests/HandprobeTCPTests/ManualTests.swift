import HandprobeTCP
import HandprobeWire
import Testing

@Suite("Manual control")
struct ManualTests {
    /// A polled segment that never leaves: whatever the machine believes, the peer's repetition brings it again.
    @Test func withheldAcknowledgmentsComeAgain() throws {
        var machine = HandprobeTCPTests.machine()
        try exchange(
            &machine,
            """
            +0 open
            +0 > S 0:0(0)
            +0 < S. 0:0(0) ack 1 win 100
            +0 > . 1:1(0) ack 1
            // Withheld; so the SYN,ACK comes again.
            +1 < S. 0:0(0) ack 1 win 100
            +0 > . 1:1(0) ack 1
            +0 close
            +0 > F. 1:1(0) ack 1
            +0 < F. 1:1(0) ack 2 win 100
            +0 > . 2:2(0) ack 2
            // Withheld; so the FIN comes again.
            +.9 < F. 1:1(0) ack 2 win 100
            +0 > . 2:2(0) ack 2
            +1 = CLOSED
            """
        )
    }

    /// Text goes out as slices of the buffer it was given in.
    @Test func textIsNotCopied() throws {
        var machine = try SynchronizedState.all[0].machine { $0.maximumSegment = 100 }
        machine.send(octets(300), at: Instant(nanoseconds: 0))
        var starts: [Int] = []
        while let segment = machine.poll(at: Instant(nanoseconds: 0)) { starts.append(segment.payload.startIndex) }
        #expect(starts == [0, 100, 200])
    }
}
