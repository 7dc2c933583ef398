import HandprobeTCP
import HandprobeWire
import Testing

@Suite("RFC 6298 Retransmission timer")
struct TimerTests {
    static let second = Instant(nanoseconds: 1_000_000_000)

    private func established(_ change: (inout ConnectionConfiguration) -> Void = { _ in }) throws -> ConnectionMachine {
        try SynchronizedState.all[0].machine(change)
    }

    /// §2.2 and §2.3, by hand: R = 30 ms, then R' = 50 ms.
    @Test func theTimeoutFollowsTheRoundTrips() throws {
        var machine = HandprobeTCPTests.machine { $0.minimumRTO = .milliseconds(1) }
        #expect(machine.rto == .seconds(1))
        try exchange(
            &machine,
            "+0 open\n+0 > S 0:0(0)\n+.03 < S. 0:0(0) ack 1 win 1000\n+0 > . 1:1(0) ack 1"
        )
        #expect(machine.srtt == .milliseconds(30))
        #expect(machine.rto == .milliseconds(30 + 4 * 15))
        try exchange(
            &machine,
            from: Self.second,
            "+0 send 10\n+0 > P. 1:11(10) ack 1\n+.05 < . 1:1(0) ack 11 win 1000"
        )
        #expect(machine.srtt == .microseconds(32_500))
        #expect(machine.rto == .microseconds(32_500 + 4 * 16_250))
    }

    /// §2.4: never less than a second, unless told otherwise.
    @Test func theTimeoutIsAtLeastASecond() throws {
        var machine = try established()
        #expect(machine.srtt == .milliseconds(10))
        #expect(machine.rto == .seconds(1))
        try exchange(&machine, from: Self.second, "+0 send 10\n+0 > P. 1:11(10) ack 1\n+1 > P. 1:11(10) ack 1")
    }

    /// §5.5: doubled each time; after the sixth transmission it is over.
    @Test func dataIsSentSixTimesWithDoublingIntervals() throws {
        var machine = try established()
        try exchange(
            &machine,
            from: Self.second,
            """
            +0  send 10
            +0  > P. 1:11(10) ack 1
            +1  > P. 1:11(10) ack 1
            +2  > P. 1:11(10) ack 1
            +4  > P. 1:11(10) ack 1
            +8  > P. 1:11(10) ack 1
            +16 > P. 1:11(10) ack 1
            +32 > R 11:11(0)
            +0  = CLOSED
            """
        )
        #expect(machine.outcome == .gaveUp(.dataAcknowledgment))
    }

    @Test func theTimeoutHasAMost() throws {
        var machine = try established {
            $0.maximumRTO = .seconds(3)
            $0.attempts = 5
        }
        try exchange(
            &machine,
            from: Self.second,
            """
            +0 close
            +0 > F. 1:1(0) ack 1
            +1 > F. 1:1(0) ack 1
            +2 > F. 1:1(0) ack 1
            +3 > F. 1:1(0) ack 1
            +3 > F. 1:1(0) ack 1
            +3 > R 2:2(0)
            """
        )
        #expect(machine.outcome == .gaveUp(.finAcknowledgment))
    }

    @Test func attemptsAreCounted() throws {
        var machine = try established()
        try exchange(&machine, from: Self.second, "+0 send 10\n+0 > P. 1:11(10) ack 1")
        #expect(machine.lastTransmission == Transmission(kind: .data, attempt: 1))
        #expect(machine.nextTimeout == Self.second + .seconds(1))
        try exchange(&machine, from: Self.second + .seconds(1), "+0 > P. 1:11(10) ack 1")
        #expect(machine.lastTransmission == Transmission(kind: .data, attempt: 2))
        #expect(machine.nextTimeout == Self.second + .seconds(3))
        // An answer begins the count again.
        try exchange(
            &machine,
            from: Self.second + .seconds(2),
            "+0 < . 1:1(0) ack 11 win 9\n+0 close\n+0 > F. 11:11(0) ack 1\n+2 > F. 11:11(0) ack 1"
        )
        #expect(machine.lastTransmission == Transmission(kind: .fin, attempt: 2))
    }

    /// §3 (Karn) and §5.7: what was sent twice measures nothing, and the doubled timeout stays until something does.
    @Test func aRepetitionMeasuresNothing() throws {
        var machine = try established()
        let receptions = try exchange(
            &machine,
            from: Self.second,
            """
            +0  send 10
            +0  > P. 1:11(10) ack 1
            +1  > P. 1:11(10) ack 1
            +.5 < . 1:1(0) ack 11 win 1000
            +0  send 10
            +0  > P. 11:21(10) ack 1
            +2  > P. 11:21(10) ack 1
            +.1 < . 1:1(0) ack 21 win 1000
            +0  send 10
            +0  > P. 21:31(10) ack 1
            +.1 < . 1:1(0) ack 31 win 1000
            +0  send 10
            +0  > P. 31:41(10) ack 1
            +1  > P. 31:41(10) ack 1
            """
        )
        #expect(receptions.map { $0.advance?.roundTrip } == [nil, nil, .milliseconds(100)])
    }

    /// §5.7: a handshake that needed a repetition leaves the first data with three seconds.
    @Test func aRepeatedSynLeavesThreeSeconds() throws {
        var machine = HandprobeTCPTests.machine()
        try exchange(
            &machine,
            """
            +0   open
            +0   > S 0:0(0)
            +1   > S 0:0(0)
            +.01 < S. 0:0(0) ack 1 win 1000
            +0   > . 1:1(0) ack 1
            +0   send 5
            +0   > P. 1:6(5) ack 1
            +3   > P. 1:6(5) ack 1
            """
        )
    }

    /// §5.3: the timer runs anew from an ACK of new data; §5.4: the earliest segment is repeated.
    @Test func theEarliestIsRepeatedAndEachAnswerBringsTheNext() throws {
        var machine = try established { $0.maximumSegment = 100 }
        try exchange(
            &machine,
            from: Self.second,
            """
            +0  send 300
            +0  > . 1:101(100) ack 1
            +0  > . 101:201(100) ack 1
            +0  > P. 201:301(100) ack 1
            +.01 < . 1:1(0) ack 101 win 1000
            +1  > . 101:201(100) ack 1
            // Nothing new until what the timeout found missing is made good.
            +0  send 100
            +.1 < . 1:1(0) ack 201 win 1000
            +0  > . 201:301(100) ack 1
            +.1 < . 1:1(0) ack 301 win 1000
            +0  > P. 301:401(100) ack 1
            """
        )
    }

    @Test func theUserMayForceTheTimeout() throws {
        var machine = try established()
        try exchange(&machine, from: Self.second, "+0 close\n+0 > F. 1:1(0) ack 1")
        machine.retransmissionTimeout(at: Self.second)
        try exchange(&machine, from: Self.second, "+0 > F. 1:1(0) ack 1\n+2 > F. 1:1(0) ack 1")
        machine = try established()
        machine.retransmissionTimeout(at: Self.second)
        try exchange(&machine, from: Self.second, "+0 = ESTABLISHED")
    }
}
