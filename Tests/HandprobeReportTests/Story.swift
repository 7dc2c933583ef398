import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// A conversation written by hand: what was seen, and what a judge would read from it.
struct Story {
    /// Our initial sequence number; the peer's is chosen so that it wraps.
    static let iss = SequenceNumber(0x1234_5678)
    static let irs = SequenceNumber(0xFFFF_FFFE)

    var us: SocketAddress
    var peer: SocketAddress
    private(set) var events: [Event] = []
    private(set) var readings: [Reading] = []
    var verdict = Verdict(ledger: Ledger(), findings: [], headline: "", outcome: .asExpected)

    static let start = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    static let v6 = Story(
        us: SocketAddress(IPAddress("fd00::1")!, port: 41873),
        peer: SocketAddress(IPAddress("fd00::2")!, port: 8080)
    )
    static let v4 = Story(
        us: SocketAddress(IPAddress("192.0.2.1")!, port: 50311),
        peer: SocketAddress(IPAddress("198.51.100.7")!, port: 80)
    )

    init(us: SocketAddress, peer: SocketAddress) {
        self.us = us
        self.peer = peer
    }

    /// A moment by its milliseconds in the story.
    static func at(_ milliseconds: Double) -> Timestamp {
        Timestamp(nanoseconds: start.nanoseconds + Int64((milliseconds * 1_000_000).rounded()))
    }

    /// A segment of ours in packetdrill's notation, numbers relative.
    mutating func us(
        _ milliseconds: Double,
        _ notation: String,
        _ meanings: [Meaning],
        _ state: ConnectionState = .established,
        text: String = "",
        knowsSeq: Bool = true,
        alter: (inout ObservedSegment) -> Void = { _ in }
    ) throws {
        try segment(.us, milliseconds, notation, meanings, state, text, knowsSeq, alter)
    }

    /// A segment of the peer's.
    mutating func peer(
        _ milliseconds: Double,
        _ notation: String,
        _ meanings: [Meaning],
        _ state: ConnectionState = .established,
        text: String = "",
        knowsSeq: Bool = true,
        alter: (inout ObservedSegment) -> Void = { _ in }
    ) throws {
        try segment(.peer, milliseconds, notation, meanings, state, text, knowsSeq, alter)
    }

    /// Anything that is no segment.
    mutating func happens(_ milliseconds: Double, _ kind: Event.Kind, _ meanings: [Meaning] = []) {
        events.append(Event(time: Self.at(milliseconds), kind: kind))
        readings.append(Reading(meanings: meanings, ourState: .synSent, peerState: nil))
    }

    private mutating func segment(
        _ origin: Origin,
        _ milliseconds: Double,
        _ notation: String,
        _ meanings: [Meaning],
        _ state: ConnectionState,
        _ text: String,
        _ knowsSeq: Bool,
        _ alter: (inout ObservedSegment) -> Void
    ) throws {
        let base = SequenceBase(seq: Self.iss, ack: Self.irs)
        var segment = try TCPSegment(notation: notation, relativeTo: origin == .us ? base : base.reversed)
        if !text.isEmpty { segment.payload = Array(text.utf8)[...] }
        let (source, destination) = origin == .us ? (us, peer) : (peer, us)
        segment.header.sourcePort = source.port
        segment.header.destinationPort = destination.port
        segment.header.checksum = 0xBEEF
        var observed = ObservedSegment(
            origin: origin,
            segment: segment,
            ip: header(from: source.address, to: destination.address),
            interface: "veth0"
        )
        alter(&observed)
        let seq = segment.seq.distance(from: origin == .us ? Self.iss : Self.irs)
        let ack = segment.ack.distance(from: origin == .us ? Self.irs : Self.iss)
        events.append(Event(time: Self.at(milliseconds), kind: .segment(observed)))
        readings.append(
            Reading(
                meanings: meanings,
                ourState: state,
                peerState: nil,
                relativeSeq: knowsSeq ? seq : nil,
                relativeAck: segment.flags.contains(.ack) ? ack : nil
            )
        )
    }

    private func header(from source: IPAddress, to destination: IPAddress) -> IPHeader {
        switch (source, destination) {
        case (.v6(let source), .v6(let destination)):
            .v6(IPv6Header(source: source, destination: destination, flowLabel: 0xABCDE), extensions: [])
        case (.v4(let source), .v4(let destination)):
            .v4(IPv4Header(source: source, destination: destination, identification: UInt16(4711 + events.count)))
        default: preconditionFailure("a story is told in one family")
        }
    }
}

extension RequestRecord {
    /// A request with its attempts and what came of them, all in milliseconds of the story.
    init(
        made attempts: Double...,
        confirmed: Double? = nil,
        by flags: TCPFlags? = nil,
        event: Int? = nil,
        credited: Int? = 1,
        because: String? = nil
    ) {
        self.init()
        self.attempts = attempts.map(Story.at)
        attemptCount = attempts.count
        confirmedAt = confirmed.map(Story.at)
        confirmingFlags = flags
        confirmedBy = event
        creditedAttempt = confirmed == nil ? nil : credited
        unconfirmedBecause = because
    }
}
