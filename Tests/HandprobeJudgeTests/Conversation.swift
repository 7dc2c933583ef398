import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// A transcript written by hand: one segment a line, `MILLISECONDS us|peer|kernel SEGMENT`, the segment in
/// packetdrill's notation with numbers counted from the SYNs.
struct Conversation {
    var iss: SequenceNumber
    var irs: SequenceNumber
    var flow: FourTuple
    /// When millisecond 0 is.
    var start: Int64
    private(set) var events: [Event] = []
    private var identification: UInt16 = 0

    init(
        iss: UInt32 = 0xFFFF_FFF0,
        irs: UInt32 = 0x7FFF_FFFE,
        start: Int64 = 1_700_000_000_000_000_000,
        v6: Bool = false
    ) {
        self.iss = SequenceNumber(iss)
        self.irs = SequenceNumber(irs)
        self.start = start
        let us: IPAddress = v6 ? .v6(IPv6Address(0xFD00 << 112 | 1)) : .v4(IPv4Address(0xC000_0201))
        let peer: IPAddress = v6 ? .v6(IPv6Address(0xFD00 << 112 | 2)) : .v4(IPv4Address(0xC000_0202))
        flow = FourTuple(local: SocketAddress(us, port: 40000), remote: SocketAddress(peer, port: 80))
    }

    static let router = IPAddress.v4(IPv4Address(0xC633_6401))

    /// Adds segments, one a line; blank lines are skipped. A `!` behind the origin is a bad checksum, `?` a missing
    /// or wrong signature, `=` repeats the IP identification of the line before.
    mutating func add(_ text: String) throws {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
            guard words.count == 3 else { continue }
            var who = words[1]
            var checksum = ChecksumVerdict.good
            var isCopy = false
            var isSignatureWrong = false
            while let last = who.last, "!=?".contains(last) {
                switch last {
                case "!": checksum = .bad
                case "?": isSignatureWrong = true
                default: isCopy = true
                }
                who.removeLast()
            }
            let isPeer = who == "peer"
            let base = SequenceBase(seq: isPeer ? irs : iss, ack: isPeer ? iss : irs)
            let segment = try TCPSegment(notation: String(words[2]), relativeTo: base)
            if !isCopy { identification &+= 1 }
            let observed = ObservedSegment(
                origin: isPeer ? .peer : who == "kernel" ? .kernel : .us,
                segment: segment,
                ip: header(fromPeer: isPeer),
                checksum: checksum,
                isSignatureWrong: isSignatureWrong
            )
            add(Double(words[0]) ?? 0, .segment(observed))
        }
    }

    /// Adds any event.
    mutating func add(_ milliseconds: Double, _ kind: Event.Kind) {
        let offset = Int64((milliseconds * 1_000_000).rounded())
        events.append(Event(time: Timestamp(nanoseconds: start + offset), kind: kind))
    }

    /// Changes the last segment added.
    mutating func changeLast(_ change: (inout ObservedSegment) -> Void) {
        guard let last = events.indices.last, case .segment(var observed) = events[last].kind else { return }
        change(&observed)
        events[last].kind = .segment(observed)
    }

    func header(fromPeer: Bool) -> IPHeader {
        let (source, destination) = fromPeer ? (flow.remote, flow.local) : (flow.local, flow.remote)
        switch (source.address, destination.address) {
        case (.v6(let source), .v6(let destination)):
            return .v6(IPv6Header(source: source, destination: destination), extensions: [])
        case (.v4(let source), .v4(let destination)):
            return .v4(IPv4Header(source: source, destination: destination, identification: identification))
        default:
            return .v4(IPv4Header(source: .unspecified, destination: .unspecified))
        }
    }

    /// An ICMP error about our segment `seq` octets after the SYN.
    func icmp(
        type: UInt8,
        code: UInt8,
        seq: Int = 0,
        from origin: Origin = .router(router),
        isOurs: Bool = true,
        checksum: ChecksumVerdict = .good,
        family: IPAddress.Family = .v4,
        parameter: UInt32 = 0
    ) -> Event.Kind {
        let quote = ICMPError.Quote(
            source: flow.local,
            destination: flow.remote,
            sequenceNumber: iss + seq,
            ip: header(fromPeer: false),
            octets: []
        )
        let error = ICMPError(
            family: family,
            type: type,
            code: code,
            parameter: parameter,
            quote: quote,
            checksum: checksum
        )
        return .icmpError(ObservedICMPError(origin: origin, error: error, quotesOurs: isOurs))
    }

    /// Folds the whole conversation.
    func judged(_ expectation: Expectation = .close) -> (verdict: Verdict, readings: [Reading]) {
        var judge = Judge(flow: flow, expectation: expectation)
        let readings = events.map { judge.observe($0) }
        return (judge.conclude(), readings)
    }

    func verdict(_ expectation: Expectation = .close) -> Verdict { judged(expectation).verdict }
}

extension Verdict {
    /// The finding with this code, when there is one.
    func finding(_ code: FindingCode) -> Finding? { findings.first { $0.code == code } }
    /// All codes, in order.
    var codes: [FindingCode] { findings.map(\.code) }
}

extension ObservedSegment {
    /// Sets the hop limit, and for IPv4 the identification and don't-fragment, as far as they are given.
    mutating func travels(ttl: UInt8? = nil, identification: UInt16? = nil, dontFragment: Bool? = nil) {
        switch ip {
        case .v4(var header):
            header.timeToLive = ttl ?? header.timeToLive
            header.identification = identification ?? header.identification
            if let dontFragment { header.flags = dontFragment ? 0b010 : 0 }
            ip = .v4(header)
        case .v6(var header, let extensions):
            header.hopLimit = ttl ?? header.hopLimit
            ip = .v6(header, extensions: extensions)
        }
    }
}

/// Openings that many conversations share.
enum Opening {
    static let plain = """
        0.000 us   S 0:0(0) win 64240 <mss 1460,nop,nop,sackOK,nop,wscale 7>
        0.041 peer S. 0:0(0) ack 1 win 65160 <mss 1460,nop,nop,sackOK,nop,wscale 7>
        0.103 us   . 1:1(0) ack 1 win 502
        """
    /// The question whether the peer is synchronised, and the answer of one that is.
    static let proof = """
        0.110 us   . 1:1(0) ack 2 win 502
        0.150 peer . 1:1(0) ack 1 win 509
        """
}
