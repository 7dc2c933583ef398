import HandprobeTCP
import HandprobeWire
import Testing

@Suite("RFC 9293 §3.10.7.4 Other states")
struct OtherStatesTests {
    /// First, check sequence number: what is not acceptable is answered with our numbers and changes nothing.
    @Test(arguments: SynchronizedState.all)
    func unacceptableSegmentsAreAnsweredWithOurNumbers(state: SynchronizedState) throws {
        let next = state.rcvNxt
        let cases: [(String, Reception)] = [
            (". \(next - 1):\(next)(1) ack \(state.sndNxt)", .duplicate),
            (". \(next - 1):\(next - 1)(0) ack \(state.sndNxt)", .duplicate),
            (". \(next - 300):\(next)(300) ack \(state.sndNxt)", .duplicate),
            (". \(next + 65535):\(next + 65535)(0) ack \(state.sndNxt)", .outOfWindow),
            ("P. \(next + 65535):\(next + 65545)(10) ack \(state.sndNxt)", .outOfWindow),
            ("P. \(next + 2_000_000_000):\(next + 2_000_000_010)(10) ack \(state.sndNxt)", .outOfWindow),
            ("P. \(next - 2_000_000_000):\(next - 1_999_999_990)(10) ack \(state.sndNxt)", .duplicate),
            ("S. 0:0(0) ack 1", .duplicate),
        ]
        for (segment, reception) in cases {
            var machine = try state.machine()
            #expect(try state.inject(segment, into: &machine, answer: ".") == reception, "\(segment)")
            #expect(machine.state == state.state, "\(segment)")
            #expect(machine.deliveredOctets == 0, "\(segment)")
        }
    }

    /// Second, check the RST bit (RFC 5961 §3).
    @Test(arguments: SynchronizedState.all)
    func onlyTheExactResetEndsTheConnection(state: SynchronizedState) throws {
        let next = state.rcvNxt
        for flags in ["R", "R."] {
            let ack = flags == "R." ? " ack \(state.sndNxt)" : ""
            var machine = try state.machine()
            #expect(try state.inject("\(flags) \(next):\(next)(0)\(ack)", into: &machine, answer: nil) == .reset)
            #expect(machine.state == .closed)
            #expect(machine.outcome == .reset(in: state.state))
            #expect(machine.nextTimeout == nil)
            for offset in [1, 1000, 65534] {
                machine = try state.machine()
                let segment = "\(flags) \(next + offset):\(next + offset)(0)\(ack)"
                #expect(try state.inject(segment, into: &machine, answer: ".") == .challenged(.reset))
                #expect(machine.state == state.state)
            }
            for offset in [-1, -65535, 65535, 1_000_000_000] {
                machine = try state.machine()
                let segment = "\(flags) \(next + offset):\(next + offset)(0)\(ack)"
                #expect(try state.inject(segment, into: &machine, answer: nil) == .ignored(.resetOutOfWindow))
                #expect(machine.state == state.state)
            }
        }
        // SHLD-2: a RST may carry data.
        var machine = try state.machine()
        #expect(try state.inject("R. \(next):\(next + 9)(9) ack 1", into: &machine, answer: nil) == .reset)
    }

    /// Fourth, check the SYN bit (RFC 5961 §4): a challenge, whatever the sequence number.
    @Test(arguments: SynchronizedState.all)
    func everySynIsChallenged(state: SynchronizedState) throws {
        for flags in ["S", "S.", "SEW", "SF."] {
            for offset in [0, 1, 1000, 65535, 1_000_000_000, -1000, -1_000_000_000] {
                var machine = try state.machine()
                let seq = state.rcvNxt + offset
                let ack = flags.hasSuffix(".") ? " ack \(state.sndNxt)" : ""
                let reception = try state.inject("\(flags) \(seq):\(seq)(0)\(ack)", into: &machine, answer: ".")
                #expect(reception == .challenged(.syn), "\(flags) \(offset)")
                #expect(machine.state == state.state)
            }
        }
    }

    /// Fifth, check the ACK field: the bounds of RFC 5961 §5, here with a largest window of 65,535.
    @Test(arguments: SynchronizedState.all)
    func acknowledgmentsOutsideTheBoundsAreChallenged(state: SynchronizedState) throws {
        let next = state.rcvNxt
        let future = [state.sndNxt + 1, state.sndNxt + 2_000_000_000]
        let ancient = [state.sndUna - 65536, state.sndUna - 2_000_000_000]
        for ack in future + ancient {
            var machine = try state.machine()
            let reception = try state.inject("P. \(next):\(next + 5)(5) ack \(ack)", into: &machine, answer: ".")
            #expect(
                reception == .challenged(ack > state.sndNxt ? .futureAcknowledgment : .ancientAcknowledgment),
                "\(ack)"
            )
            #expect(machine.state == state.state)
            #expect(machine.deliveredOctets == 0)
        }
        for ack in [state.sndUna, state.sndUna - 1, state.sndUna - 65535] {
            var machine = try state.machine()
            let reception = try state.inject(". \(next):\(next)(0) ack \(ack)", into: &machine, answer: nil)
            #expect(reception == .acceptable(Advance()), "\(ack)")
            #expect(machine.state == state.state)
        }
        var machine = try state.machine()
        #expect(try state.inject("P \(next):\(next + 5)(5)", into: &machine, answer: nil) == .ignored(.noAck))
        #expect(machine.deliveredOctets == 0)
    }

    /// Fifth, state by state: our FIN is acknowledged.
    @Test(arguments: SynchronizedState.all)
    func acknowledgmentOfEverything(state: SynchronizedState) throws {
        var machine = try state.machine()
        let next = state.rcvNxt
        let reception = try state.inject(". \(next):\(next)(0) ack \(state.sndNxt)", into: &machine, answer: nil)
        let after: ConnectionState =
            switch state.state {
            case .finWait1: .finWait2
            case .closing: .timeWait
            case .lastAck: .closed
            default: state.state
            }
        #expect(machine.state == after)
        #expect(reception.advance?.finAcknowledged == (state.sndUna < state.sndNxt))
        #expect(machine.outcome == (after == .closed ? .closedInOrder : nil))
    }

    /// Seventh, process the segment text.
    @Test(arguments: SynchronizedState.all)
    func textInOrder(state: SynchronizedState) throws {
        var machine = try state.machine()
        let next = state.rcvNxt
        let answer = state.hasPeerFin ? nil : ". \(state.sndNxt):\(state.sndNxt)(0) ack \(next + 10)"
        let reception = try state.inject(
            "P. \(next):\(next + 10)(10) ack \(state.sndUna)",
            into: &machine,
            answer: answer
        )
        #expect(reception.advance?.deliveredOctets == (state.hasPeerFin ? 0 : 10))
        #expect(reception.advance?.octetsAfterFin == (state.hasPeerFin ? 10 : 0))
        #expect(machine.receive() == (state.hasPeerFin ? [] : octets(10)))
        #expect(machine.state == state.state)
    }

    @Test(arguments: SynchronizedState.all)
    func textThatStraddlesOldAndNew(state: SynchronizedState) throws {
        var machine = try state.machine()
        let next = state.rcvNxt
        let answer = state.hasPeerFin ? nil : ". \(state.sndNxt):\(state.sndNxt)(0) ack \(next + 4)"
        _ = try state.inject("P. \(next - 1):\(next + 4)(5) ack \(state.sndUna)", into: &machine, answer: answer)
        #expect(machine.receive() == (state.hasPeerFin ? [] : octets(4)))
    }

    @Test(arguments: SynchronizedState.all, [true, false])
    func textBeyondAGap(state: SynchronizedState, keeps: Bool) throws {
        var machine = try state.machine { $0.keepsOutOfOrder = keeps }
        let next = state.rcvNxt
        let reception = try state.inject(
            "P. \(next + 5):\(next + 15)(10) ack \(state.sndUna)",
            into: &machine,
            answer: state.hasPeerFin ? nil : "."
        )
        #expect(machine.deliveredOctets == 0)
        guard !state.hasPeerFin else {
            #expect(reception.advance?.octetsAfterFin == 15)
            return
        }
        #expect(reception == (keeps ? .outOfOrderKept(Advance()) : .outOfOrderDropped(Advance())))
        let filled = keeps ? 15 : 5
        let filling = try state.inject(
            "P. \(next):\(next + 5)(5) ack \(state.sndUna)",
            into: &machine,
            answer: ". \(state.sndNxt):\(state.sndNxt)(0) ack \(next + filled)"
        )
        #expect(filling.advance?.deliveredOctets == filled)
        #expect(machine.receive() == octets(filled))
    }

    /// Eighth, check the FIN bit.
    @Test(arguments: SynchronizedState.all)
    func theirFin(state: SynchronizedState) throws {
        var machine = try state.machine()
        let next = state.rcvNxt
        let answer = state.hasPeerFin ? "." : ". \(state.sndNxt):\(state.sndNxt)(0) ack \(next + 1)"
        let reception = try state.inject("F. \(next):\(next)(0) ack \(state.sndUna)", into: &machine, answer: answer)
        let after: ConnectionState =
            switch state.state {
            case .established: .closeWait
            case .finWait1: .closing
            case .finWait2: .timeWait
            default: state.state
            }
        #expect(machine.state == after)
        #expect(reception.advance?.peerFin == !state.hasPeerFin)
        #expect(machine.isPeerFinReceived)
    }

    @Test func finWithTheAckOfOursEntersTimeWaitAtOnce() throws {
        let state = SynchronizedState.all[1]
        var machine = try state.machine()
        _ = try state.inject("F. 1:1(0) ack 2", into: &machine, answer: ". 2:2(0) ack 2")
        #expect(machine.state == .timeWait)
    }

    @Test func finBeyondAGapWaitsForTheGap() throws {
        let state = SynchronizedState.all[0]
        var machine = try state.machine()
        #expect(
            try state.inject("F. 11:21(10) ack 1", into: &machine, answer: ". 1:1(0) ack 1")
                == .outOfOrderKept(Advance())
        )
        #expect(machine.state == .established)
        let reception = try state.inject("P. 1:11(10) ack 1", into: &machine, answer: ". 1:1(0) ack 22")
        #expect(reception.advance?.peerFin == true)
        #expect(machine.state == .closeWait)
        #expect(machine.receive() == octets(20))
    }

    @Test func textAfterTheFinIsNeverDelivered() throws {
        let state = SynchronizedState.all[0]
        var machine = try state.machine()
        _ = try state.inject("P. 16:30(14) ack 1", into: &machine, answer: ".")
        _ = try state.inject("F. 11:16(5) ack 1", into: &machine, answer: ".")
        _ = try state.inject("P. 1:11(10) ack 1", into: &machine, answer: ". 1:1(0) ack 17")
        #expect(machine.receive() == octets(15))
        #expect(machine.state == .closeWait)
    }

    @Test func textBeyondTheWindowIsCutOff() throws {
        var machine = try SynchronizedState.all[0].machine {
            $0.synWindow = 20
            $0.receiveBuffer = 20
        }
        try exchange(
            &machine,
            from: Instant(nanoseconds: 40_000_000),
            """
            +0 < FP. 1:31(30) ack 1 win 9
            +0 > . 1:1(0) ack 21 win 0
            // With the window closed, ACK and RST still count (Table 6 and "special allowance").
            +0 send 5
            +0 > P. 1:6(5) ack 21 win 0
            +0 < P. 21:22(1) ack 6 win 9
            +0 > . 6:6(0) ack 21 win 0
            +0 receive 20
            +0 > . 6:6(0) ack 21 win 20
            +0 < F. 21:31(10) ack 6 win 9
            +0 > . 6:6(0) ack 32 win 10
            """
        )
        #expect(machine.receive() == octets(10, from: 20))
    }

    @Test func aFinJustBeyondTheWindowIsCutOff() throws {
        var machine = try SynchronizedState.all[0].machine {
            $0.synWindow = 20
            $0.receiveBuffer = 20
        }
        try exchange(
            &machine,
            from: Instant(nanoseconds: 40_000_000),
            "+0 < FP. 1:21(20) ack 1 win 9\n+0 > . 1:1(0) ack 21 win 0\n+0 = ESTABLISHED"
        )
    }

    @Test func aFinAloneIsTakenInAClosedWindow() throws {
        var machine = try SynchronizedState.all[0].machine {
            $0.synWindow = 20
            $0.receiveBuffer = 20
        }
        try exchange(
            &machine,
            from: Instant(nanoseconds: 40_000_000),
            """
            +0 < P. 1:21(20) ack 1 win 9
            +0 > . 1:1(0) ack 21 win 0
            +0 < F. 21:21(0) ack 1 win 9
            +0 > . 1:1(0) ack 22 win 0
            +0 = CLOSE-WAIT
            """
        )
    }
}
