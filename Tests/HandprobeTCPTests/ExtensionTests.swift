import HandprobeTCP
import HandprobeWire
import Testing

@Suite("RFC 7323 Window scale and timestamps")
struct ExtensionTests {
    private func offering(
        _ options: String,
        _ change: (inout ConnectionConfiguration) -> Void = { _ in }
    ) throws -> ConnectionMachine {
        let octets = try TCPOptions(notation: options)
        return machine {
            $0.synOptions = octets
            $0.timestampOffset = 0xFFFF_FFF0
            change(&$0)
        }
    }

    @Test func bothClocksAreKept() throws {
        var machine = try offering("mss 1460,sackOK,TS val 1 ecr 2,nop,wscale 7")
        try exchange(
            &machine,
            """
            +0   open
            +0   > S 0:0(0) <mss 1460,sackOK,TS val 4294967280 ecr 0,nop,wscale 7>
            +1   > S 0:0(0) <mss 1460,sackOK,TS val 984 ecr 0,nop,wscale 7>
            +.1  < S. 0:0(0) ack 1 win 1000 <mss 1400,sackOK,TS val 4294967295 ecr 984,nop,wscale 3>
            // 65,535 octets were offered, so that rounding down would take one back (§2.4).
            +0   > . 1:1(0) ack 1 win 512 <nop,nop,TS val 1084 ecr 4294967295>
            // A clock that wraps is not old.
            +.1  < P. 1:11(10) ack 1 win 125 <nop,nop,TS val 5 ecr 1084>
            +0   > . 1:1(0) ack 11 <nop,nop,TS val 1184 ecr 5>
            +0   close
            +0   > F. 1:1(0) ack 11 <nop,nop,TS val 1184 ecr 5>
            +0   abort
            +0   > R 2:2(0)
            """
        )
        #expect(machine.timestampsNegotiated)
        #expect(machine.sackNegotiated)
        #expect(machine.rcvWindowShift == 7)
        #expect(machine.sndWindowShift == 3)
        #expect(machine.sndWnd == 1000)
    }

    /// §5.3, R1, and §4.3: TS.Recent follows only segments at or before the last acknowledgment.
    @Test func oldTimestampsAreRefusedExceptOnResets() throws {
        var machine = try offering("TS val 0 ecr 0")
        let receptions = try exchange(
            &machine,
            """
            +0 open
            +0 > S 0:0(0)
            +0 < S. 0:0(0) ack 1 win 1000 <TS val 100 ecr 0>
            +0 > . 1:1(0) ack 1
            +0 < P. 1:11(10) ack 1 win 1000 <TS val 99 ecr 0>
            +0 > . 1:1(0) ack 1 <nop,nop,TS val 4294967280 ecr 100>
            // Beyond a gap: acceptable, but not to be echoed.
            +0 < P. 11:21(10) ack 1 win 1000 <TS val 200 ecr 0>
            +0 > . 1:1(0) ack 1 <nop,nop,TS val 4294967280 ecr 100>
            +0 < P. 1:11(10) ack 1 win 1000 <TS val 150 ecr 0>
            +0 > . 1:1(0) ack 21 <nop,nop,TS val 4294967280 ecr 150>
            // Without the option, as Linux takes it.
            +0 < P. 21:31(10) ack 1 win 1000
            +0 > . 1:1(0) ack 31
            +0 < R 31:31(0) <TS val 1 ecr 0>
            +0 = CLOSED
            """
        )
        #expect(receptions[1] == .oldTimestamp)
    }

    /// §2.2: the window of a SYN,ACK is not scaled; §2.3: a shift above 14 is 14.
    @Test(arguments: [(0, 0), (7, 7), (14, 14), (15, 14), (255, 14)])
    func windowsAreScaledAfterTheSyn(offered: Int, effective: Int) throws {
        var machine = try offering("wscale \(offered)") { $0.receiveBuffer = 3 << 20 }
        try exchange(
            &machine,
            """
            +0 open
            +0 > S 0:0(0) win 65535
            +0 < S. 0:0(0) ack 1 win 1000 <wscale \(offered)>
            +0 > . 1:1(0) ack 1 win \(min(65535, (3 << 20) >> effective))
            """
        )
        #expect(machine.sndWnd == 1000)
        try exchange(&machine, "+0 < . 1:1(0) ack 1 win 1000")
        #expect(machine.sndWnd == 1000 << effective)
        #expect(machine.rcvWindowShift == effective)
    }

    @Test(arguments: ["", "TS val 5 ecr 0", "mss 1000,sackOK", "gen-253 00", "0x0300", "0x08"])
    func whatOnlyOneSideOffersDoesNotHold(theirs: String) throws {
        var machine = try offering("mss 1460,wscale 7")
        try exchange(
            &machine,
            """
            +0 open
            +0 > S 0:0(0)
            +0 < S. 0:0(0) ack 1 win 1000 <\(theirs)>
            +0 > . 1:1(0) ack 1 win 65535 <>
            +0 < . 1:1(0) ack 1 win 2000
            """
        )
        #expect(machine.sndWnd == 2000)
        #expect(!machine.timestampsNegotiated && !machine.sackNegotiated)
    }

    @Test func optionsAreSentExactlyAsGiven() throws {
        for text in ["gen-253 0102030405,nop,mss 7", "0x0805112233", "0x02", "TS val 7 ecr 9,eol,0x0102030405"] {
            var machine = try offering(text) { $0.refreshesTimestamps = false }
            try exchange(&machine, "+0 open\n+0 > S 0:0(0) <\(text)>")
        }
    }

    @Test func theAnswerOffersOnlyWhatWasOffered() throws {
        let all = "mss 1460,sackOK,TS val 0 ecr 0,nop,wscale 7"
        let cases = [
            ("mss 9,sackOK,TS val 3 ecr 0,nop,wscale 0", "mss 1460,sackOK,TS val 4294967280 ecr 3,nop,wscale 7"),
            ("mss 9", "mss 1460"),
            ("", "mss 1460"),
            ("wscale 1", "mss 1460,wscale 7"),
            ("TS val 3 ecr 0", "mss 1460,TS val 4294967280 ecr 3"),
            ("sackOK", "mss 1460,sackOK"),
        ]
        for (theirs, ours) in cases {
            var machine = try offering(all)
            try exchange(&machine, "+0 listen\n+0 < S 0:0(0) win 9 <\(theirs)>\n+0 > S. 0:0(0) ack 1 <\(ours)>")
        }
        var machine = try offering(all) { $0.answersOnlyOffered = false }
        try exchange(
            &machine,
            """
            +0 listen
            +0 < S 0:0(0) win 9
            +0 > S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 4294967280 ecr 0,nop,wscale 7>
            """
        )
        #expect(!machine.timestampsNegotiated)
        #expect(machine.rcvWindowShift == 0)
    }

    @Test func theSynHasTheFlagsAndWindowGiven() throws {
        var machine = HandprobeTCPTests.machine {
            $0.synFlags = [.syn, .ece, .cwr]
            $0.synWindow = 4321
        }
        try exchange(&machine, "+0 open\n+0 > SEW 0:0(0) win 4321")
    }
}
