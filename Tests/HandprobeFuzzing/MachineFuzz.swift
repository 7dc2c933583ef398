import HandprobeTCP
import HandprobeWire

/// One TCP machine: an input is a configuration and then calls, segments near the numbers in play, and timeouts.
///
/// The octet at a sequence number is the same in every segment, so that what is delivered can be told from what is not.
struct MachineFuzz {
    static func run(_ octets: [UInt8]) throws(BrokenRule) {
        var fuzz = MachineFuzz(octets)
        do throws(BrokenRule) {
            try fuzz.play()
        } catch {
            // Once more, with what happened written down.
            fuzz = MachineFuzz(octets)
            fuzz.course = []
            try? fuzz.play()
            throw BrokenRule((fuzz.course ?? []).suffix(40).joined(separator: "\n") + "\n\(error)")
        }
    }

    private mutating func play() throws(BrokenRule) {
        for _ in 0..<400 where !input.isEmpty { try step() }
    }

    private var input: FuzzInput
    private var machine: ConnectionMachine
    private var now: Instant
    /// Octets given to the machine to send.
    private var queued = 0
    /// The furthest that the peer's windows ever reached; nil before its first segment.
    private var ownEdge: SequenceNumber?
    private var edge: SequenceNumber?
    /// The next octet of the peer's that `receive` has to give.
    private var delivered: SequenceNumber?
    private var acknowledged = 0
    /// What happened, in a script's notation; nil as long as nobody wants to know.
    private var course: [String]?

    private init(_ octets: [UInt8]) {
        input = FuzzInput(octets)
        var configuration = ConnectionConfiguration(
            iss: SequenceNumber(input.pick([0, 1, 0x7FFF_FFFF, 0xFFFF_FFF0, 0xFFFF_FFFF])), localPort: 1, remotePort: 2)
        configuration.synOptions = Self.options(&input)
        configuration.synWindow = input.pick([65535, 0, 1, 512, 64240])
        configuration.receiveBuffer = input.pick([65535, 0, 1, 500, 1 << 20, -5, Int.max])
        configuration.maximumSegment = input.pick([1460, 1, 48, 536, 0, -5, Int.max])
        configuration.synAttempts = Int(input.octet() % 5)
        configuration.attempts = Int(input.octet() % 7)
        configuration.timeWait = input.pick([.seconds(1), .zero, .seconds(-1), .seconds(120)])
        let choices = input.octet()
        configuration.keepsOutOfOrder = choices & 1 == 0
        configuration.finRidesOnData = choices & 2 == 0
        configuration.answersOnlyOffered = choices & 4 == 0
        machine = ConnectionMachine(configuration)
        now = Instant(nanoseconds: Int64(input.number(UInt32.self)))
        if choices & 8 == 0 { machine.openActive(at: now) } else { machine.openPassive() }
    }

    private mutating func step() throws(BrokenRule) {
        let kind = input.octet() % 16
        if kind < 7 { note("call \(kind)") }
        switch kind {
        case 0: send()
        case 1: machine.close(at: now)
        case 2: if input.chance(64) { machine.abort(at: now) }
        case 3: machine.retransmissionTimeout(at: now)
        case 4: try receive()
        case 5: now = max(now, machine.nextTimeout ?? now)
        case 6: now = now + .milliseconds(Int64(input.number(UInt16.self)))
        default: try arrive()
        }
        try poll()
        try checkNumbers()
    }

    private mutating func send() {
        let count = Int(input.number(UInt16.self) % 5000)
        let first = machine.iss + 1 + queued
        if machine.send((0..<count).map { Self.octet(at: first + $0) }, at: now) { queued += count }
    }

    private mutating func receive() throws(BrokenRule) {
        let octets = machine.receive()
        guard !octets.isEmpty else { return }
        let start = delivered ?? machine.irs + 1
        for (index, octet) in octets.enumerated() {
            try expect(octet == Self.octet(at: start + index), "octet \(index) of what was delivered is not the peer's")
        }
        delivered = start + octets.count
        if machine.state.isSynchronized, machine.deliveredOctets == 0 {
            let end = start + octets.count
            try expect(
                end == machine.rcvNxt || machine.isPeerFinReceived && end + 1 == machine.rcvNxt,
                "delivered up to \(end), RCV.NXT is \(machine.rcvNxt)")
        }
    }

    private mutating func arrive() throws(BrokenRule) {
        let segment = segment()
        note("<", segment)
        let before = (machine.rcvNxt, machine.state, machine.deliveredOctets, machine.sndUna)
        let irs = machine.irs
        let reception = machine.segmentArrives(segment, at: now)
        // Another peer than before: what the last one offered and sent is over.
        if machine.irs != irs || machine.state == .listen || reception == .synReceived {
            (delivered, edge, ownEdge) = (nil, nil, nil)
        }
        let gained = machine.deliveredOctets - before.2
        if let advance = reception.advance {
            try expect(advance.deliveredOctets == gained, "\(advance) said, \(gained) octets delivered")
            try expect(advance.acknowledgedOctets >= 0 && advance.octetsAfterFin >= 0, "\(advance)")
        } else {
            try expect(gained == 0, "\(reception) delivered \(gained) octets")
            if before.1.isSynchronized, machine.state.isSynchronized {
                try expect(before.0 == machine.rcvNxt, "\(reception) moved RCV.NXT")
                try expect(before.3 == machine.sndUna, "\(reception) moved SND.UNA")
            }
        }
        if before.1.isSynchronized, machine.state.isSynchronized {
            try expect(before.0.isAtOrBefore(machine.rcvNxt), "RCV.NXT went back")
            try expect(before.3.isAtOrBefore(machine.sndUna), "SND.UNA went back")
        }
        let offered = machine.sndUna + machine.sndWnd
        if machine.state.isSynchronized, edge.map({ $0.isBefore(offered) }) ?? true { edge = offered }
    }

    /// A segment whose numbers are at, just beside or far from what the machine expects.
    private mutating func segment() -> TCPSegment {
        let usual: [TCPFlags] = [
            .ack, [.ack, .psh], [.ack, .fin], [.ack, .syn], .syn, .rst, [.rst, .ack], [], [.syn, .fin], .fin,
        ]
        let kind = input.octet()
        let near = [0, 0, 0, 1, -1, 2, 100, -100, 1460, 65534, 65535, 65536, -70_000, 1 << 30, 1 << 31]
        var seq = machine.rcvNxt + input.pick(near)
        let isSynchronizing = machine.state == .synSent || machine.state == .listen || machine.state == .closed
        if isSynchronizing { seq = SequenceNumber(input.number()) }
        let ack = input.pick([machine.sndNxt, machine.sndNxt, machine.sndUna]) + input.pick(near)
        var segment = TCPSegment(seq: seq, flags: [], wnd: input.pick([65535, 0, 1, 100, 1460, 8192]))
        segment.header.acknowledgmentNumber = ack
        segment.header.flags = kind < 240 ? usual[Int(kind) % usual.count] : TCPFlags(rawValue: input.number() & 0xFFF)
        if input.chance(96) { segment.options = Self.options(&input) }
        let count = kind & 1 == 0 ? 0 : Int(input.number(UInt16.self) % 3000)
        let first = segment.flags.contains(.syn) ? seq + 1 : seq
        segment.payload = (0..<count).map { Self.octet(at: first + $0) }[...]
        return segment
    }

    /// Asks for segments until there is none, and looks at each.
    private mutating func poll() throws(BrokenRule) {
        for _ in 0..<200 {
            let limit = (machine.sndUna + machine.sndWnd, machine.sndNxt)
            guard let segment = machine.poll(at: now) else { return try checkTimer() }
            note(">", segment)
            guard let kind = machine.lastTransmission?.kind else { throw BrokenRule("a segment for no purpose") }
            try check(segment, kind, limit)
        }
        throw BrokenRule("it always wants to send in \(machine.state)")
    }

    private mutating func check(
        _ segment: TCPSegment,
        _ kind: Transmission.Kind,
        _ limit: (edge: SequenceNumber, next: SequenceNumber)
    ) throws(BrokenRule) {
        let text = "\(segment.notation(relativeTo: .absolute)) for \(kind)"
        try expect(segment.header.sourcePort == 1 && segment.header.destinationPort == 2, "\(text): wrong ports")
        try expect(
            Int(segment.header.dataOffset) == (TCPHeader.minimumLength + segment.options.count + 3) / 4,
            "\(text): a data offset of \(segment.header.dataOffset)")
        guard kind != .rst else { return }
        try expect(segment.end.isAtOrBefore(machine.sndNxt), "\(text): ends beyond SND.NXT")
        guard !segment.flags.contains(.syn) else { return }
        try expect(segment.flags.contains(.ack) && segment.ack == machine.rcvNxt, "\(text): acknowledges not RCV.NXT")
        let right = machine.rcvNxt + Int(segment.wnd) << machine.rcvWindowShift
        if let ownEdge, machine.state != .timeWait {
            try expect(
                !right.isBefore(ownEdge), "\(text): takes back \(ownEdge.distance(from: right)) octets of its window")
        }
        ownEdge = right
        for (index, octet) in segment.payload.enumerated() {
            try expect(octet == Self.octet(at: segment.seq + index), "\(text): octet \(index) is not what was queued")
        }
        let end = segment.seq.offset(from: machine.iss + 1) + segment.payload.count
        try expect(segment.payload.isEmpty || end <= queued, "\(text): more than was queued")
        guard segment.len > 0, kind != .windowProbe else { return }
        let isNew = limit.next.isBefore(segment.end)
        if isNew { try expect(segment.end.isAtOrBefore(limit.edge), "\(text): beyond the window at \(limit.edge)") }
        if let edge { try expect(segment.end.isAtOrBefore(edge + 1), "\(text): beyond every window, \(edge)") }
    }

    /// What is unanswered has a timer that brings it again.
    private func checkTimer() throws(BrokenRule) {
        let waits: Bool =
            switch machine.state {
            case .synSent, .synReceived, .timeWait: true
            case .closed, .listen: false
            default: machine.sndUna != machine.sndNxt
            }
        try expect(!waits || machine.nextTimeout != nil, "\(machine.state) waits for an answer without a timer")
        if let timeout = machine.nextTimeout, machine.state != .closed {
            try expect(now < timeout, "\(machine.state): the timer is past and nothing was sent")
        }
    }

    private mutating func checkNumbers() throws(BrokenRule) {
        let (una, next) = (machine.sndUna, machine.sndNxt)
        try expect(una.isAtOrBefore(next), "SND.UNA \(una) lies after SND.NXT \(next)")
        try expect(next.offset(from: machine.iss) <= queued + 2 || machine.state == .closed, "SND.NXT is \(next)")
        try expect((0...65535 << 14).contains(machine.rcvWnd), "RCV.WND is \(machine.rcvWnd)")
        try expect(machine.acknowledgedOctets >= acknowledged, "acknowledged octets went back")
        try expect(machine.acknowledgedOctets <= queued, "\(machine.acknowledgedOctets) acknowledged of \(queued)")
        acknowledged = machine.acknowledgedOctets
        if machine.state == .closed { try expect(machine.outcome != nil, "CLOSED without a reason") }
        if machine.isFinAcknowledged { try expect(machine.isFinSent, "a FIN is acknowledged that was not sent") }
        if machine.state == .timeWait {
            try expect(machine.isFinAcknowledged && machine.isPeerFinReceived, "TIME-WAIT before both FINs")
        }
    }

    private mutating func note(_ words: @autoclosure () -> String, _ segment: TCPSegment? = nil) {
        guard course != nil else { return }
        let text = segment?.notation(relativeTo: .absolute) ?? ""
        let line = "\(words()) \(text) in \(machine.state), SND.WND \(machine.sndWnd)"
        course?.append(line)
    }

    private static func octet(at number: SequenceNumber) -> UInt8 {
        UInt8(truncatingIfNeeded: number.rawValue &* 0x9E37_79B1 >> 24)
    }

    private static func options(_ input: inout FuzzInput) -> TCPOptions {
        let usual: [TCPOption] = [
            .maximumSegmentSize(input.pick([1460, 0, 1, 47, 48, 536, 65535])), .sackPermitted,
            .timestamps(value: input.number(), echoReply: input.number()), .noOperation,
            .windowScale(input.pick([0, 1, 7, 14, 15, 255])),
        ]
        switch input.octet() % 4 {
        case 0: return TCPOptions()
        case 1: return TCPOptions(usual) ?? TCPOptions()
        case 2:
            let chosen = input.octet()
            return TCPOptions(usual.enumerated().filter { chosen >> $0.offset & 1 == 1 }.map(\.element)) ?? TCPOptions()
        default: return TCPOptions(octets: input.take(Int(input.octet() % 41)))
        }
    }
}
