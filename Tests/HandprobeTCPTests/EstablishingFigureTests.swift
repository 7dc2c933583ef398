import HandprobeTCP
import HandprobeWire
import Testing

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

    /// Lines 3 and 5 come together, before the SYN,ACK of line 4 has left: nothing has confirmed their SYN yet.
    @Test mutating func figure7HeardAtOnce() throws {
        let now = Instant(nanoseconds: 0)
        try exchange(&machine, "+0 open\n+0 > S 0:0(0)")
        for line in ["S 0:0(0) win 1000", "S. 0:0(0) ack 1 win 1000"] {
            let base = SequenceBase(seq: .remote, ack: machine.iss)
            _ = machine.segmentArrives(try ParsedSegment(notation: line, relativeTo: base).segment, at: now)
        }
        try exchange(&machine, "+0 = ESTABLISHED\n+0 > . 1:1(0) ack 1\n+9 = ESTABLISHED")
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
