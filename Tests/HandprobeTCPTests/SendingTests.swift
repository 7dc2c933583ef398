import HandprobeTCP
import HandprobeWire
import Testing

@Suite("RFC 9293 §3.7 and §3.8.6 Segmentation and windows")
struct SendingTests {
    private static let start = Instant(nanoseconds: 1_000_000_000)

    /// §3.7.1: the smaller of what the peer and the path take, less the options of each segment (RFC 6691).
    @Test(arguments: [
        ("mss 1000", 1460, 1000), ("mss 1460", 1200, 1200), ("", 1460, 536),
        ("mss 1000,TS val 0 ecr 0", 1460, 988), ("mss 0", 1460, 48), ("mss 1", 1460, 48), ("mss 65535", 1460, 1460),
    ])
    func segmentsAreNotLargerThanThePeerTakes(theirs: String, path: Int, size: Int) throws {
        let options = try TCPOptions(notation: "TS val 0 ecr 0")
        var machine = HandprobeTCPTests.machine {
            $0.synOptions = options
            $0.maximumSegment = path
        }
        try exchange(
            &machine,
            """
            +0 open
            +0 > S 0:0(0)
            +0 < S. 0:0(0) ack 1 win 65535 <\(theirs)>
            +0 > . 1:1(0) ack 1
            +0 send \(2 * size + 5)
            +0 > . 1:\(size + 1)(\(size)) ack 1
            +0 > . \(size + 1):\(2 * size + 1)(\(size)) ack 1
            +0 > P. \(2 * size + 1):\(2 * size + 6)(5) ack 1
            """
        )
    }

    @Test func theWindowIsNotOverrun() throws {
        var machine = try SynchronizedState.all[0].machine { $0.maximumSegment = 100 }
        try exchange(
            &machine,
            from: Self.start,
            """
            +0  < . 1:1(0) ack 1 win 250
            +0  send 500
            +0  > . 1:101(100) ack 1
            +0  > . 101:201(100) ack 1
            // Fifty octets of window wait for a whole segment (§3.8.6.2.1).
            +.1 < . 1:1(0) ack 101 win 250
            +0  > . 201:301(100) ack 1
            +.1 < . 1:1(0) ack 301 win 50
            +0  > . 301:351(50) ack 1
            +.1 < . 1:1(0) ack 351 win 9000
            +0  > . 351:451(100) ack 1
            +0  > P. 451:501(50) ack 1
            """
        )
    }

    /// SND.WL1 and SND.WL2: a segment sent earlier, arriving later, does not change the window.
    @Test func anOlderSegmentDoesNotChangeTheWindow() throws {
        var machine = try SynchronizedState.all[0].machine()
        try exchange(
            &machine,
            from: Self.start,
            """
            +0 < . 11:11(0) ack 1 win 50
            +0 < P. 1:11(10) ack 1 win 9000
            +0 > . 1:1(0) ack 11
            """
        )
        #expect(machine.sndWnd == 50)
    }

    @Test func noMoreThanTenSegmentsAreInFlight() throws {
        var machine = try SynchronizedState.all[0].machine { $0.maximumSegment = 100 }
        machine.send(octets(5000), at: Self.start)
        var sent = 0
        while let segment = machine.poll(at: Self.start) { sent += segment.payload.count }
        #expect(sent == 1000)
    }

    /// §3.8.6.2.2: the window is opened again by half the buffer or a segment, not octet by octet.
    @Test func theWindowIsToldAgainWhenItIsWorthIt() throws {
        var machine = try SynchronizedState.all[0].machine {
            $0.receiveBuffer = 1000
            $0.synWindow = 1000
        }
        try exchange(
            &machine,
            from: Self.start,
            """
            +0 < . 1:401(400) ack 1 win 100
            +0 > . 1:1(0) ack 401 win 600
            +0 receive 400
            +0 < . 401:1001(600) ack 1 win 100
            +0 > . 1:1(0) ack 1001 win 400
            +0 receive 600
            +0 > . 1:1(0) ack 1001 win 1000
            """
        )
    }

    /// "The total of RCV.NXT and RCV.WND should not be reduced": a SYN that promised more is kept to.
    @Test func whatWasOfferedIsTaken() throws {
        var machine = try SynchronizedState.all[0].machine { $0.receiveBuffer = 100 }
        let start = machine.rcvNxt
        try exchange(
            &machine,
            from: Self.start,
            "+0 < . 1:1001(1000) ack 1 win 9\n+0 > . 1:1(0) ack 1001 win 64535\n+0 receive 1000"
        )
        #expect(machine.rcvNxt + machine.rcvWnd == start + 65535)
    }

    @Test func dataMayBeQueuedBeforeOpening() throws {
        var machine = HandprobeTCPTests.machine()
        try exchange(
            &machine,
            """
            +0 send 10
            +0 open
            +0 > S 0:0(0)
            +0 < S. 0:0(0) ack 1 win 1000
            +0 > . 1:1(0) ack 1
            +0 > P. 1:11(10) ack 1
            """
        )
        #expect(machine.lastTransmission?.kind == .data)
    }

    /// §3.10.7.4: an ACK rides on data that is due anyway.
    @Test func anAckRidesOnData() throws {
        var machine = try SynchronizedState.all[0].machine()
        try exchange(&machine, from: Self.start, "+0 < P. 1:11(10) ack 1 win 99\n+0 send 5\n+0 > P. 1:6(5) ack 11")
    }
}
