import HandprobeTCP
import HandprobeWire
import Testing

@Suite("RFC 9293 §3.8.6.1 Zero-window probing")
struct WindowProbeTests {
    private static let start = Instant(nanoseconds: 1_000_000_000)

    @Test func oneOctetAtDoublingIntervalsAsLongAsThereAreAnswers() throws {
        var machine = try SynchronizedState.all[0].machine()
        try exchange(
            &machine,
            from: Self.start,
            """
            +0 < . 1:1(0) ack 1 win 0
            +0 send 20
            +1 > . 1:2(1) ack 1
            +0 < . 1:1(0) ack 1 win 0
            +2 > . 1:2(1) ack 1
            +0 < . 1:1(0) ack 1 win 0
            +4 > . 1:2(1) ack 1
            +0 < . 1:1(0) ack 1 win 0
            +8 > . 1:2(1) ack 1
            +0 < . 1:1(0) ack 1 win 0
            +16 > . 1:2(1) ack 1
            +0 < . 1:1(0) ack 1 win 0
            +32 > . 1:2(1) ack 1
            +0 < . 1:1(0) ack 1 win 0
            +60 > . 1:2(1) ack 1
            +0 < . 1:1(0) ack 1 win 0
            +60 > . 1:2(1) ack 1
            +0 < . 1:1(0) ack 2 win 100
            +0 > P. 2:21(19) ack 1
            """
        )
    }

    @Test func silenceEndsIt() throws {
        var machine = try SynchronizedState.all[0].machine { $0.attempts = 2 }
        try exchange(
            &machine,
            from: Self.start,
            "+0 < . 1:1(0) ack 1 win 0\n+0 send 20\n+1 > . 1:2(1) ack 1\n+2 > . 1:2(1) ack 1\n+4 > R 2:2(0)\n+0 = CLOSED"
        )
        #expect(machine.outcome == .gaveUp(.windowUpdate))
    }

    @Test func anOpeningWindowBringsTheLostProbeAtOnce() throws {
        var machine = try SynchronizedState.all[0].machine()
        try exchange(
            &machine,
            from: Self.start,
            """
            +0  < . 1:1(0) ack 1 win 0
            +0  send 20
            +1  > . 1:2(1) ack 1
            +.1 < . 1:1(0) ack 1 win 9000
            +0  > . 1:2(1) ack 1
            +.1 < . 1:1(0) ack 2 win 9000
            +0  > P. 2:21(19) ack 1
            """
        )
    }

    @Test func aFinIsAProbeToo() throws {
        var machine = try SynchronizedState.all[0].machine()
        try exchange(
            &machine,
            from: Self.start,
            """
            +0 < . 1:1(0) ack 1 win 0
            +0 close
            +0 = FIN-WAIT-1
            +1 > F. 1:1(0) ack 1
            +0 < . 1:1(0) ack 2 win 0
            +0 = FIN-WAIT-2
            +0 < F. 1:1(0) ack 2 win 0
            +0 > . 2:2(0) ack 2
            +0 = TIME-WAIT
            +1 = CLOSED
            """
        )
        #expect(machine.outcome == .closedInOrder)
        var second = try SynchronizedState.all[3].machine()
        try exchange(
            &second,
            from: Self.start,
            "+0 < . 2:2(0) ack 1 win 0\n+0 close\n+0 = CLOSE-WAIT\n+1 > F. 1:1(0) ack 2\n+0 = LAST-ACK"
        )
    }

    /// A window that closes over what is in flight: probes of one octet, and no giving up while the peer answers.
    @Test func aShrunkenWindow() throws {
        var machine = try SynchronizedState.all[0].machine { $0.attempts = 2 }
        try exchange(
            &machine,
            from: Self.start,
            """
            +0 send 20
            +0 > P. 1:21(20) ack 1
            +0 < . 1:1(0) ack 1 win 0
            +1 > . 1:2(1) ack 1
            +0 < . 1:1(0) ack 1 win 0
            +2 > . 1:2(1) ack 1
            +0 < . 1:1(0) ack 1 win 0
            +4 > . 1:2(1) ack 1
            +0 < . 1:1(0) ack 1 win 50
            +0 > P. 1:21(20) ack 1
            """
        )
    }

    /// Karn holds for probes: the first octet went out twice, so its acknowledgment measures nothing.
    @Test func aProbeThatRepeatsMeasuresNothing() throws {
        var machine = try SynchronizedState.all[0].machine()
        let receptions = try exchange(
            &machine,
            from: Self.start,
            """
            +0  send 20
            +0  > P. 1:21(20) ack 1
            +0  < . 1:1(0) ack 1 win 0
            +1  > . 1:2(1) ack 1
            +.1 < . 1:1(0) ack 21 win 50
            """
        )
        #expect(receptions.map { $0.advance?.roundTrip } == [nil, nil])
    }
}
