import HandprobeTCP
import HandprobeWire
import Testing

@Suite("RFC 9293 §3.6 Closing a connection")
struct ClosingFigureTests {
    private func established(_ change: (inout ConnectionConfiguration) -> Void = { _ in }) throws -> ConnectionMachine {
        try SynchronizedState.all[0].machine(change)
    }

    private func play(_ machine: inout ConnectionMachine, _ script: String) throws -> [Reception] {
        try exchange(&machine, from: Instant(nanoseconds: 1_000_000_000), script)
    }

    @Test func figure12PeerA() throws {
        var machine = try established()
        _ = try play(
            &machine,
            """
            +0 close
            +0 = FIN-WAIT-1
            +0 > F. 1:1(0) ack 1
            +0 < . 1:1(0) ack 2 win 100
            +0 = FIN-WAIT-2
            +5 < F. 1:1(0) ack 2 win 100
            +0 = TIME-WAIT
            +0 > . 2:2(0) ack 2
            +.999 = TIME-WAIT
            +.001 = CLOSED
            """
        )
        #expect(machine.outcome == .closedInOrder)
    }

    @Test func figure12PeerB() throws {
        var machine = try established()
        _ = try play(
            &machine,
            """
            +0 < F. 1:1(0) ack 1 win 100
            +0 = CLOSE-WAIT
            +0 > . 1:1(0) ack 2
            +5 close
            +0 > F. 1:1(0) ack 2
            +0 = LAST-ACK
            +0 < . 2:2(0) ack 2 win 100
            +0 = CLOSED
            """
        )
        #expect(machine.outcome == .closedInOrder)
    }

    @Test func figure13() throws {
        var machine = try established()
        _ = try play(
            &machine,
            """
            +0 close
            +0 > F. 1:1(0) ack 1
            +0 < F. 1:1(0) ack 1 win 100
            +0 = CLOSING
            +0 > . 2:2(0) ack 2
            +0 < . 2:2(0) ack 2 win 100
            +0 = TIME-WAIT
            +1 = CLOSED
            """
        )
    }

    /// §3.6.1: the peer may go on sending, and we go on acknowledging, after our FIN.
    @Test func halfClosedTheOtherDirectionGoesOn() throws {
        var machine = try established()
        _ = try play(
            &machine,
            """
            +0 close
            +0 > F. 1:1(0) ack 1
            +0 < . 1:1(0) ack 2 win 100
            +0 < P. 1:101(100) ack 2 win 100
            +0 > . 2:2(0) ack 101
            +0 < FP. 101:201(100) ack 2 win 100
            +0 > . 2:2(0) ack 202
            +0 = TIME-WAIT
            +0 receive 200
            """
        )
    }

    @Test func closeComesAfterAllData() throws {
        var machine = try established { $0.maximumSegment = 100 }
        _ = try play(
            &machine,
            """
            +0 send 250
            +0 close
            +0 = FIN-WAIT-1
            +0 > . 1:101(100) ack 1
            +0 > . 101:201(100) ack 1
            +0 > FP. 201:251(50) ack 1
            +0 < . 1:1(0) ack 252 win 100
            +0 = FIN-WAIT-2
            """
        )
        var second = try established { $0.finRidesOnData = false }
        _ = try play(
            &second,
            "+0 send 5\n+0 close\n+0 > P. 1:6(5) ack 1\n+0 > F. 6:6(0) ack 1\n+1 > P. 1:6(5) ack 1\n+0 < . 1:1(0) ack 6 win 9\n+0 > F. 6:6(0) ack 1"
        )
    }

    @Test func aRepeatedFinIsAcknowledgedAgainAndRestartsTimeWait() throws {
        var machine = try SynchronizedState.all[6].machine()
        let receptions = try exchange(
            &machine,
            from: Instant(nanoseconds: 520_000_000),
            """
            +0 < F. 1:1(0) ack 2 win 9
            +0 > . 2:2(0) ack 2
            +.999 < F. 1:1(0) ack 2 win 9
            +0 > . 2:2(0) ack 2
            +.999 = TIME-WAIT
            +.001 = CLOSED
            """
        )
        #expect(receptions == [.duplicate, .duplicate])
    }

    /// §3.10.4 and §3.10.5 in every synchronised state.
    @Test(arguments: SynchronizedState.all)
    func closeAgainAndAbort(state: SynchronizedState) throws {
        var machine = try state.machine()
        let closes = [.established, .closeWait].contains(state.state)
        let now = Instant(nanoseconds: 40_000_000)
        let numbers = "\(state.sndNxt):\(state.sndNxt)(0)"
        try exchange(&machine, from: now, closes ? "+0 close\n+0 > F. \(numbers) ack \(state.rcvNxt)" : "+0 close")
        #expect(machine.send([1], at: now) == false)
        machine = try state.machine()
        let silent = [.closing, .lastAck, .timeWait].contains(state.state)
        try exchange(&machine, from: now, silent ? "+0 abort" : "+0 abort\n+0 > R \(numbers)")
        #expect(machine.state == .closed)
        #expect(machine.outcome == .aborted)
    }

    @Test func abortFlushesWhatWasQueuedAndStandsAtSndNxt() throws {
        var machine = try established()
        _ = try play(
            &machine,
            """
            +0 < . 1:1(0) ack 1 win 100
            +0 send 150
            +0 > . 1:101(100) ack 1
            +0 abort
            +0 > R 101:101(0)
            """
        )
    }
}
