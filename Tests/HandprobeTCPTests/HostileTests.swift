import HandprobeTCP
import HandprobeWire
import Testing

@Suite("Hostile segments")
struct HostileTests {
    /// Segments of any bits, near the numbers in play and far from them, in every state: nothing traps, time stays sane.
    @Test func anySegmentInAnyState() {
        var seen: Set<ConnectionState> = []
        for seed in 0..<200 {
            let complaint = play(seed, &seen)
            #expect(complaint == nil, "seed \(seed)")
        }
        #expect(seen.count == ConnectionState.allCases.count)
    }

    private func play(_ seed: Int, _ seen: inout Set<ConnectionState>) -> String? {
        var random = SplitMix64(seed: UInt64(seed))
        var configuration = ConnectionConfiguration(
            iss: SequenceNumber(UInt32.random(in: 0...UInt32.max, using: &random)),
            localPort: 1,
            remotePort: 2
        )
        configuration.synOptions = options(&random)
        configuration.synFlags = TCPFlags(rawValue: random.chance(70) ? 2 : UInt16.random(in: 0...4095, using: &random))
        configuration.synWindow = UInt16.random(in: 0...65535, using: &random)
        configuration.receiveBuffer = [-5, 0, 1, 500, 65535, 1 << 30, Int.max].randomElement(using: &random)!
        configuration.maximumSegment = [-5, 0, 1, 1460, Int.max].randomElement(using: &random)!
        configuration.defaultPeerMSS = [-5, 0, 536, Int.max].randomElement(using: &random)!
        configuration.initialRTO = [.seconds(-1), .zero, .seconds(1), .seconds(Int64.max / 4)].randomElement(
            using: &random)!
        configuration.maximumRTO = [.seconds(-1), .seconds(60)].randomElement(using: &random)!
        configuration.timeWait = [.seconds(-1), .seconds(1)].randomElement(using: &random)!
        configuration.synAttempts = Int.random(in: -1...4, using: &random)
        configuration.keepsOutOfOrder = random.chance(80)
        var machine = ConnectionMachine(configuration)
        var now = Instant(nanoseconds: Int64.random(in: 0...1 << 60, using: &random))
        if random.chance(50) { machine.openActive(at: now) } else { machine.openPassive() }
        for _ in 0..<400 {
            seen.insert(machine.state)
            switch Int.random(in: 0..<20, using: &random) {
            case 0: machine.send(octets(Int.random(in: 0...3000, using: &random)), at: now)
            case 1 where random.chance(20): machine.close(at: now)
            case 2 where random.chance(5): machine.abort(at: now)
            case 3: machine.retransmissionTimeout(at: now)
            case 4: _ = machine.receive()
            case 5: now = machine.nextTimeout ?? now
            case 6 where machine.state == .closed:
                machine = ConnectionMachine(configuration)
                if random.chance(50) { machine.openActive(at: now) } else { machine.openPassive() }
            default: _ = machine.segmentArrives(segment(for: machine, &random), at: now)
            }
            var polls = 0
            while machine.poll(at: now) != nil, polls < 100 { polls += 1 }
            if polls == 100 { return "it always wants to send in \(machine.state)" }
            if !(0...65535 << 14).contains(machine.rcvWnd) { return "a receive window of \(machine.rcvWnd)" }
        }
        return nil
    }

    private func segment(for machine: ConnectionMachine, _ random: inout SplitMix64) -> TCPSegment {
        let near = [-70_000, -1, 0, 0, 0, 0, 1, 2, 10, 65534, 65535, 1 << 30].randomElement(using: &random)!
        let ackNear = [-70_000, -1, 0, 0, 0, 0, 0, 1, 1 << 30].randomElement(using: &random)!
        let anywhere = random.chance(10)
        let seq = anywhere ? SequenceNumber(UInt32.random(in: 0...UInt32.max, using: &random)) : machine.rcvNxt + near
        let flags: [TCPFlags] = [
            .ack, .ack, .ack, [.ack, .fin], [.ack, .syn], .syn, .rst, [.rst, .ack], [.ack, .psh], [],
        ]
        let count = random.chance(60) ? 0 : Int.random(in: 1...2000, using: &random)
        var segment = TCPSegment(
            seq: seq,
            ack: machine.sndNxt + ackNear,
            flags: [],
            wnd: random.chance(30) ? 0 : UInt16.random(in: 0...65535, using: &random),
            options: random.chance(70) ? TCPOptions() : options(&random),
            payload: octets(count)[...]
        )
        segment.header.flags =
            random.chance(90)
            ? flags.randomElement(using: &random)! : TCPFlags(rawValue: UInt16.random(in: 0...4095, using: &random))
        return segment
    }

    private func options(_ random: inout SplitMix64) -> TCPOptions {
        if random.chance(60) { return TransferTests.options }
        let count = Int.random(in: 0...40, using: &random)
        return TCPOptions(
            octets: (0..<count).map { _ in UInt8([1, 2, 3, 4, 5, 8, 10, 14, 255].randomElement(using: &random)!) })
    }
}
