import HandprobeJudge
import HandprobeTCP
import HandprobeWire
import Testing

/// What an ordinary peer does must not look like somebody else's doing.
struct TraitTests {
    private static let codes: Set<FindingCode> = [
        .ttlChanged, .resetWithOtherTTL, .dontFragmentChanged, .identificationJumped, .timestampsDropped,
        .timestampJumped, .optionNotNegotiated, .synAckOptionsChanged, .windowShrunk,
    ]

    private func differences(_ conversation: Conversation) -> [FindingCode] {
        conversation.verdict(.observe).codes.filter(Self.codes.contains)
    }

    /// Linux: zero in the SYN-ACK, a counter from a random start on the socket, zero again where no socket is left; no
    /// timestamps in the RST; the window field in steps of its scale.
    @Test func anOrdinaryLinuxPeerFits() throws {
        var conversation = Conversation()
        try conversation.add(
            """
            0 us   S 0:0(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
            1 peer S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 10>
            """)
        conversation.changeLast { $0.travels(identification: 0) }
        try conversation.add("2 us . 1:1(0) ack 1 win 502 <nop,nop,TS val 101 ecr 900>")
        for step in 1...4 {
            try conversation.add(
                "\(10 * step) peer P. \(step):\(step + 1)(1) ack 1 win 63 <nop,nop,TS val \(900 + step) ecr 101>")
            conversation.changeLast { $0.travels(identification: 65533 &+ UInt16(step)) }
        }
        try conversation.add("60 peer . 5:5(0) ack 1 win 63 <nop,nop,TS val 910 ecr 101>")
        conversation.changeLast { $0.travels(identification: 0) }
        try conversation.add("61 peer R 5:5(0) win 0")
        conversation.changeLast { $0.travels(identification: 0) }
        #expect(differences(conversation) == [])
    }

    /// One hop more or less is a change of route; and an overtaken segment carries an earlier timestamp.
    @Test func aRouteMayChangeAndSegmentsOvertakeEachOther() throws {
        var conversation = Conversation()
        try conversation.add(
            """
            0 us   S 0:0(0) win 64240 <mss 1460,TS val 100 ecr 0>
            1 peer S. 0:0(0) ack 1 win 65160 <mss 1460,TS val 900 ecr 100>
            2 us   . 1:1(0) ack 1 win 64240 <nop,nop,TS val 101 ecr 900>
            3 peer P. 6:9(3) ack 1 win 65160 <nop,nop,TS val 40000 ecr 101>
            """)
        conversation.changeLast { $0.travels(ttl: 63) }
        try conversation.add("4 peer P. 1:6(5) ack 1 win 65160 <nop,nop,TS val 901 ecr 101>")
        #expect(differences(conversation) == [])
    }

    /// A RST that fits what the peer has sent since its SYN-ACK is no odd one: the SYN-ACK was.
    @Test func aResetIsComparedWithTheLatestSegmentsToo() throws {
        var conversation = Conversation()
        try conversation.add(Opening.plain)
        try conversation.add("1 peer P. 1:6(5) ack 1 win 509")
        conversation.changeLast { $0.travels(ttl: 243) }
        try conversation.add("2 peer R 6:6(0) win 0")
        conversation.changeLast { $0.travels(ttl: 243) }
        #expect(differences(conversation) == [.ttlChanged])
    }

    /// Random identifications are no counter, and a counter of a busy host may run on while nothing is said.
    @Test(arguments: [[5, 40000, 12, 61000, 33000, 9], [5, 6, 7, 8, 9, 20000]], [3.0, 2000.0])
    func identificationsNeedACounterToJump(identifications: [UInt16], pause: Double) throws {
        var conversation = Conversation()
        try conversation.add(Opening.plain)
        for (step, identification) in identifications.enumerated() {
            let time = step == identifications.count - 1 ? 20 + pause : Double(10 + step)
            try conversation.add("\(time) peer P. \(step + 1):\(step + 2)(1) ack 1 win 509")
            conversation.changeLast { $0.travels(identification: identification) }
        }
        let isJump = identifications[1] == 6 && pause < 100
        #expect(differences(conversation) == (isJump ? [.identificationJumped] : []))
    }

    /// A peer whose packets are all without identification counts as one that has none.
    @Test func aNumberAmongZerosIsOdd() throws {
        var conversation = Conversation()
        try conversation.add(Opening.plain)
        for step in 1...2 {
            try conversation.add("\(step) peer P. \(step):\(step + 1)(1) ack 1 win 509")
            conversation.changeLast { $0.travels(identification: 0) }
        }
        try conversation.add("3 peer R 3:3(0) win 0")
        conversation.changeLast { $0.travels(identification: 4711) }
        // The SYN-ACK's own number has to be zero too.
        #expect(differences(conversation) == [])
        var zero = Conversation()
        for var event in conversation.events {
            if case .segment(var observed) = event.kind, observed.segment.flags.contains(.syn) {
                observed.travels(identification: 0)
                event.kind = .segment(observed)
            }
            zero.add(Double(event.time.nanoseconds - conversation.start) / 1_000_000, event.kind)
        }
        #expect(differences(zero) == [.identificationJumped])
    }

    /// What is said once is not said again for each segment.
    @Test func eachDifferenceIsSaidOnce() throws {
        var conversation = Conversation()
        try conversation.add(Opening.plain)
        for step in 1...20 {
            try conversation.add("\(step) peer P. \(step):\(step + 1)(1) ack 1 win 509")
            conversation.changeLast { $0.travels(ttl: 100) }
        }
        let finding = try #require(conversation.verdict(.observe).finding(.ttlChanged))
        #expect(finding.evidence == [1, 3])
        #expect(!finding.sentence.contains("times"))
    }

    /// Ethernet's own MSS, and the least, are no sign of a narrow way, however large ours is.
    @Test(arguments: [(1460, 8960), (536, 1460), (1400, 1400), (1460, 1460)])
    func ordinaryMSS(theirs: Int, ours: Int) throws {
        var conversation = Conversation()
        try conversation.add(
            """
            0 us   S 0:0(0) win 64240 <mss \(ours)>
            1 peer S. 0:0(0) ack 1 win 65160 <mss \(theirs)>
            """)
        #expect(conversation.verdict(.observe).finding(.reducedMSS) == nil)
    }
}
