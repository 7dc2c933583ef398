import HandprobeJudge
import HandprobeTCP
import HandprobeWire

extension TranscriptRecord {
    /// `HP`, and the version of the encoding.
    static let magic: [UInt8] = [0x48, 0x50, 1]
    /// The longest text and the longest payload that are kept whole: a record has to fit into an option.
    static let longestText = 2000
    static let longestPayload = 60000
    /// The most changed fields that are kept.
    static let mostFields = 10

    /// The record's octets behind the enterprise number; numbers most significant octet first.
    var octets: [UInt8] {
        var octets = Self.magic
        switch self {
        case .conversation(_, let flow, let expectation):
            octets.put(head: 0, conversation)
            octets.put(flow.local)
            octets.put(flow.remote)
            octets.append(Self.code(expectation))
        case .frame(_, let mark):
            octets.put(head: 1, conversation)
            let bits = [
                mark.isKernels, mark.isCoalesced, mark.quotesOurs, mark.isIPChecksumWrong, mark.isHidden,
                mark.isSignatureWrong,
            ]
            octets.append(bits.enumerated().reduce(0) { $0 | ($1.element ? 1 << UInt8($1.offset) : 0) })
            let fields = mark.rewritten.prefix(Self.mostFields)
            octets.append(UInt8(fields.count))
            for field in fields { for text in [field.field, field.crafted, field.left] { octets.put(text) } }
        case .event(_, let event):
            octets.put(head: 2, conversation)
            octets.put(UInt64(bitPattern: event.time.nanoseconds))
            octets.put(event.kind)
        case .settled:
            octets.put(head: 3, conversation)
        }
        return octets
    }

    static func code(_ nextHop: SilenceCheck.NextHop) -> UInt8 {
        switch nextHop {
        case .resolved: 1
        case .unresolved: 2
        case .notNeeded: 3
        }
    }

    private static func code(_ expectation: Expectation) -> UInt8 {
        switch expectation {
        case .open(end: .fin): 0
        case .open(end: .rst): 1
        case .close: 2
        case .observe: 3
        case .answer: 4
        case .serve: 5
        }
    }
}

extension [UInt8] {
    fileprivate mutating func put(head kind: UInt8, _ conversation: Int) {
        append(kind)
        put(UInt32(truncatingIfNeeded: conversation))
    }

    fileprivate mutating func put(_ value: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    fileprivate mutating func put(_ duration: Duration) {
        put(UInt64(bitPattern: duration.components.seconds))
        put(UInt64(bitPattern: duration.components.attoseconds))
    }

    fileprivate mutating func put(_ text: String) {
        var kept: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard kept.count + UTF8.width(scalar) <= TranscriptRecord.longestText else { break }
            kept += Array(String(scalar).utf8)
        }
        put(UInt16(kept.count))
        self += kept
    }

    fileprivate mutating func put(_ socket: SocketAddress) {
        switch socket.address {
        case .v4(let address):
            append(4)
            put(address.rawValue)
        case .v6(let address):
            append(6)
            put(address.rawValue)
        }
        put(socket.port)
        put(socket.scope)
    }

    fileprivate mutating func put(_ segment: TCPSegment) {
        let start = count
        self += [UInt8](repeating: 0, count: TCPHeader.minimumLength)
        var span = mutableSpan
        segment.header.write(to: &span, at: start)
        append(UInt8(segment.options.count))
        self += segment.options.octets
        put(UInt32(truncatingIfNeeded: segment.payload.count))
        self += segment.payload.prefix(TranscriptRecord.longestPayload)
    }

    fileprivate mutating func put(_ kind: Event.Kind) {
        switch kind {
        // These two are frames; the rest is not.
        case .segment, .icmpError: break
        case .timer(.retransmission(let attempt)):
            append(1)
            put(UInt32(clamping: attempt))
        case .timer(.gaveUp(let wait, let waited)):
            append(2)
            put(wait.rawValue)
            put(waited)
        case .captureLoss(let frames):
            append(3)
            put(UInt64(clamping: frames))
        case .sendFailure(let failure):
            append(4)
            put(failure.call)
            put(UInt32(bitPattern: failure.errno))
            put(failure.reason)
        case .notSeenLeaving(let segment):
            append(5)
            put(segment)
        case .answerElsewhere(let segment, let interface):
            append(6)
            put(segment)
            put(interface)
        case .clockStepped(let step):
            append(7)
            put(step)
        case .manual(let clause):
            append(8)
            put(clause)
        case .interrupted(let signal):
            append(9)
            append(signal == nil ? 0 : 1)
            put(UInt32(bitPattern: signal ?? 0))
        case .silenceChecked(let check):
            append(10)
            append(check.nextHop.map(TranscriptRecord.code) ?? 0)
            append(check.watchesOtherInterfaces ? 1 : 0)
        case .captureFailed(let reason):
            append(11)
            put(reason)
        }
    }
}
