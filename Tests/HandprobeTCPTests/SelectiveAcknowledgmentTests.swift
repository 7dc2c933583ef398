import HandprobeTCP
import HandprobeWire
import Testing

@Suite("RFC 2018 Selective acknowledgment")
struct SelectiveAcknowledgmentTests {
    @Test(arguments: [false, true])
    func blocksTellWhatIsKeptTheLatestFirst(keeps: Bool) throws {
        var machine = HandprobeTCPTests.machine {
            $0.synOptions = TCPOptions([.sackPermitted])!
            $0.keepsOutOfOrder = keeps
        }
        try exchange(
            &machine,
            "+0 open\n+0 > S 0:0(0)\n+0 < S. 0:0(0) ack 1 win 1000 <sackOK>\n+0 > . 1:1(0) ack 1 <>"
        )
        let steps = [
            ("11:21", "nop,nop,sack 11:21"), ("31:41", "nop,nop,sack 31:41 11:21"),
            ("21:31", "nop,nop,sack 11:41"), ("51:61", "nop,nop,sack 51:61 11:41"),
            ("36:56", "nop,nop,sack 11:61"), ("15:20", "nop,nop,sack 11:61"),
        ]
        for (range, sack) in steps {
            let edges = range.split(separator: ":").compactMap { Int($0) }
            try exchange(
                &machine,
                "+0 < . \(range)(\(edges[1] - edges[0])) ack 1 win 9\n+0 > . 1:1(0) ack 1 <\(keeps ? sack : "")>"
            )
        }
        try exchange(&machine, "+0 < . 1:11(10) ack 1 win 9\n+0 > . 1:1(0) ack \(keeps ? 61 : 11) <>")
        #expect(machine.receive() == octets(keeps ? 60 : 10))
    }

    @Test(arguments: [("sackOK", 4), ("sackOK,TS val 1 ecr 0", 3)])
    func noMoreBlocksThanTheHeaderHolds(options: String, limit: Int) throws {
        let octets = try TCPOptions(notation: options)
        var machine = HandprobeTCPTests.machine { $0.synOptions = octets }
        try exchange(
            &machine,
            "+0 open\n+0 > S 0:0(0)\n+0 < S. 0:0(0) ack 1 win 1000 <\(options)>\n+0 > . 1:1(0) ack 1"
        )
        let now = Instant(nanoseconds: 0)
        for place in 1...6 {
            let seq = SequenceNumber.remote + place * 10
            _ = machine.segmentArrives(
                TCPSegment(seq: seq, ack: machine.sndNxt, flags: [], wnd: 9, payload: [1]),
                at: now
            )
        }
        let polled = machine.poll(at: now)
        let blocks = polled?.options.options.compactMap { if case .sack(let blocks) = $0 { blocks } else { nil } }
        #expect(blocks?.first?.count == limit)
        #expect(blocks?.first?.first?.left == .remote + 60)
        #expect(polled.map { Int($0.header.dataOffset) * 4 == 20 + $0.options.count } == true)
    }

    /// Beside a signature of twenty octets there is room for two blocks, or for none where there are timestamps.
    @Test(arguments: [("sackOK", 2), ("sackOK,TS val 1 ecr 0", 0)])
    func aSignatureTakesTheRoomOfBlocks(options: String, limit: Int) throws {
        let octets = try TCPOptions(notation: options)
        var machine = HandprobeTCPTests.machine {
            $0.synOptions = octets
            $0.optionReserve = 20
        }
        try exchange(
            &machine,
            "+0 open\n+0 > S 0:0(0)\n+0 < S. 0:0(0) ack 1 win 1000 <\(options)>\n+0 > . 1:1(0) ack 1"
        )
        let now = Instant(nanoseconds: 0)
        for place in 1...6 {
            let seq = SequenceNumber.remote + place * 10
            _ = machine.segmentArrives(
                TCPSegment(seq: seq, ack: machine.sndNxt, flags: [], wnd: 9, payload: [1]), at: now)
        }
        let polling = machine.poll(at: now)
        let polled = try #require(polling)
        let blocks = polled.options.options.flatMap { if case .sack(let blocks) = $0 { blocks } else { [SACKBlock]() } }
        #expect(blocks.count == limit)
        #expect(polled.options.count + 20 <= TCPOptions.capacity)
    }

    @Test func whatThePeerHoldsIsRecorded() throws {
        var machine = HandprobeTCPTests.machine { $0.synOptions = TCPOptions([.sackPermitted])! }
        try exchange(
            &machine,
            """
            +0 open
            +0 > S 0:0(0)
            +0 < S. 0:0(0) ack 1 win 1000 <sackOK>
            +0 > . 1:1(0) ack 1
            +0 send 10
            +0 > P. 1:11(10) ack 1
            +0 < . 1:1(0) ack 1 win 1000 <nop,nop,sack 6:11>
            """
        )
        #expect(machine.peerSACKBlocks == [SACKBlock(left: .local + 6, right: .local + 11)])
    }

    /// Pieces by the thousand are not kept by the thousand.
    @Test func thereIsALimitToPieces() throws {
        var machine = try SynchronizedState.all[0].machine()
        let now = Instant(nanoseconds: 40_000_000)
        var kept = 0
        for piece in 1...1000 {
            let segment = TCPSegment(seq: .remote + 1 + piece * 2, ack: machine.sndNxt, flags: [], wnd: 9, payload: [1])
            if case .outOfOrderKept = machine.segmentArrives(segment, at: now) { kept += 1 }
        }
        #expect((16...64).contains(kept))
    }
}
