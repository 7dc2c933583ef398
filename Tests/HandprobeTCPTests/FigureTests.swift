import HandprobeTCP
import HandprobeWire
import Testing

/// The exchanges of RFC 9293's figures, each end of each figure, at sequence numbers about to wrap.
@Suite("RFC 9293 §3.5 Establishing a connection")
struct EstablishingFigureTests {
    var machine = HandprobeTCPTests.machine()

    @Test mutating func figure6PeerA() throws {
        try exchange(
            &machine,
            """
            +0 open
            +0 > S 0:0(0)
            +0 = SYN-SENT
            +0 < S. 0:0(0) ack 1 win 1000
            +0 = ESTABLISHED
            +0 > . 1:1(0) ack 1
            +0 send 10
            +0 > P. 1:11(10) ack 1
            """
        )
    }

    @Test mutating func figure6PeerB() throws {
        try exchange(
            &machine,
            """
            +0 listen
            +0 < S 0:0(0) win 1000
            +0 > S. 0:0(0) ack 1
            +0 = SYN-RECEIVED
            +0 < . 1:1(0) ack 1 win 1000
            +0 = ESTABLISHED
            +0 < P. 1:11(10) ack 1 win 1000
            +0 > . 1:1(0) ack 11
            """
        )
    }

    /// Simultaneous initiation. Nothing more is sent after line 7.
    @Test mutating func figure7() throws {
        let receptions = try exchange(
            &machine,
            """
            +0 open
            +0 > S 0:0(0)
            +0 < S 0:0(0) win 1000
            +0 > S. 0:0(0) ack 1
            +0 = SYN-RECEIVED
            +0 < S. 0:0(0) ack 1 win 1000
            +0 = ESTABLISHED
            +9 = ESTABLISHED
            """
        )
        #expect(receptions.map { $0.advance?.synAcknowledged } == [nil, true])
        #expect(!machine.isPassive)
    }

    @Test func figure7BothEnds() {
        var second = ConnectionConfiguration(iss: .remote, localPort: 80, remotePort: 40000)
        second.synOptions = TransferTests.options
        var link = Link(
            HandprobeTCPTests.machine { $0.synOptions = TransferTests.options }, ConnectionMachine(second), seed: 1,
            .init())
        for end in 0...1 { link.ends[end].openActive(at: link.now) }
        #expect(link.run { _ in })
        #expect(link.ends.map(\.state) == [.established, .established])
        #expect(link.ends.map(\.rcvWindowShift) == [3, 3])
        #expect(link.ends.allSatisfy { $0.timestampsNegotiated && $0.sackNegotiated })
    }

    @Test mutating func figure8PeerA() throws {
        try exchange(
            &machine,
            """
            +0 open
            +0 > S 0:0(0)
            +0 < S. 200:200(0) ack -9 win 1000
            +0 > R -9:-9(0)
            +0 = SYN-SENT
            +0 < S. 0:0(0) ack 1 win 1000
            +0 > . 1:1(0) ack 1
            +0 = ESTABLISHED
            """
        )
    }

    @Test mutating func figure8PeerB() throws {
        try exchange(
            &machine,
            """
            +0 listen
            +0 < S -10:-10(0) win 1000
            +0 > S. 0:0(0) ack -9
            +0 < R -9:-9(0)
            +0 = LISTEN
            +0 < S 0:0(0) win 1000
            +0 > S. 0:0(0) ack 1
            +0 < . 1:1(0) ack 1 win 1000
            +0 = ESTABLISHED
            """
        )
    }

    @Test mutating func figure9PeerA() throws {
        let receptions = try exchange(
            &machine,
            """
            +0  open
            +0  > S 0:0(0)
            +.1 < . -100:-100(0) ack -300 win 1000
            +0  > R -300:-300(0)
            +0  = SYN-SENT
            +.9 > S 0:0(0)
            """
        )
        #expect(receptions == [.unacceptableAck])
    }

    @Test mutating func figure9PeerB() throws {
        machine = try SynchronizedState.all[0].machine()
        try exchange(
            &machine,
            from: Instant(nanoseconds: 1_000_000_000),
            """
            +0 < S 300000:300000(0) win 1000
            +0 > . 1:1(0) ack 1
            +0 < R 1:1(0)
            +0 = CLOSED
            """
        )
    }

    @Test mutating func figure10() throws {
        try exchange(&machine, "+0 < P. 300:310(10) ack 100 win 5\n+0 > R 100:100(0)\n+0 = CLOSED")
    }

    @Test mutating func figure11PeerA() throws {
        try exchange(&machine, "+0 listen\n+0 < S. 0:0(0) ack 77 win 5\n+0 > R 77:77(0)\n+0 = LISTEN")
    }

    @Test mutating func figure11PeerB() throws {
        try exchange(
            &machine,
            "+0 listen\n+0 < S 0:0(0) win 5\n+0 > S. 0:0(0) ack 1\n+0 < R 1:1(0)\n+0 = LISTEN"
        )
    }
}

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
