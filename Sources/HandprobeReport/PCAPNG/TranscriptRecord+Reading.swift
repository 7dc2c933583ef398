import HandprobeJudge
import HandprobeTCP
import HandprobeWire

extension TranscriptRecord {
    /// The record that an option's octets hold, the enterprise number left out; nil when they hold none of this version.
    init?(octets: [UInt8]) {
        var octets = RecordOctets(octets)
        guard octets.next(Self.magic.count).elementsEqual(Self.magic) else { return nil }
        let (kind, number) = (octets.octet(), Int(octets.uint32()))
        switch kind {
        case 0:
            guard let local = octets.socket(), let remote = octets.socket(),
                let expectation = Self.expectation(octets.octet())
            else { return nil }
            self = .conversation(number, FourTuple(local: local, remote: remote), expectation)
        case 1:
            let bits = octets.octet()
            var mark = FrameMark(
                isKernels: bits & 1 != 0, isCoalesced: bits & 2 != 0, quotesOurs: bits & 4 != 0,
                isIPChecksumWrong: bits & 8 != 0, isHidden: bits & 16 != 0,
                isSignatureWrong: bits & 32 != 0)
            for _ in 0..<min(Int(octets.octet()), Self.mostFields) {
                mark.rewritten.append(
                    RewrittenField(field: octets.text(), crafted: octets.text(), left: octets.text()))
            }
            self = .frame(number, mark)
        case 2:
            let time = Timestamp(nanoseconds: Int64(bitPattern: octets.uint64()))
            guard let kind = octets.eventKind() else { return nil }
            self = .event(number, Event(time: time, kind: kind))
        case 3: self = .settled(number)
        default: return nil
        }
        guard !octets.ranOut else { return nil }
    }

    private static func expectation(_ code: UInt8) -> Expectation? {
        switch code {
        case 0: .open(end: .fin)
        case 1: .open(end: .rst)
        case 2: .close
        case 3: .observe
        case 4: .answer
        case 5: .serve
        default: nil
        }
    }
}

/// Takes a record apart from its beginning; past the end everything is zero, and `ranOut` says so.
private struct RecordOctets {
    private var rest: ArraySlice<UInt8>
    private(set) var ranOut = false

    init(_ octets: [UInt8]) {
        rest = octets[...]
    }

    mutating func next(_ count: Int) -> ArraySlice<UInt8> {
        if count > rest.count { ranOut = true }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func octet() -> UInt8 { next(1).first ?? 0 }
    mutating func uint16() -> UInt16 { UInt16(truncatingIfNeeded: number(2)) }
    mutating func uint32() -> UInt32 { UInt32(truncatingIfNeeded: number(4)) }
    mutating func uint64() -> UInt64 { UInt64(truncatingIfNeeded: number(8)) }

    private mutating func number(_ count: Int) -> UInt128 {
        next(count).reduce(0) { $0 << 8 | UInt128($1) }
    }

    mutating func text() -> String {
        let length = uint16()
        return String(decoding: next(Int(length)), as: UTF8.self)
    }

    /// A length of time that a `Duration` can hold and arithmetic on it can bear.
    mutating func duration() -> Duration? {
        let (seconds, attoseconds) = (Int64(bitPattern: uint64()), Int64(bitPattern: uint64()))
        guard seconds.magnitude < 1 << 33, attoseconds.magnitude < 1_000_000_000_000_000_000 else { return nil }
        return Duration(secondsComponent: seconds, attosecondsComponent: attoseconds)
    }

    mutating func socket() -> SocketAddress? {
        let address: IPAddress
        switch octet() {
        case 4: address = .v4(IPv4Address(uint32()))
        case 6: address = .v6(IPv6Address(number(16)))
        default: return nil
        }
        let port = uint16()
        return SocketAddress(address, port: port, scope: uint32())
    }

    mutating func segment() -> TCPSegment? {
        let fixed = Array(next(TCPHeader.minimumLength))
        guard let header = try? TCPHeader(parsing: fixed.span) else { return nil }
        let options = Array(next(Int(octet())))
        let length = Int(uint32())
        guard length <= 65535 else { return nil }
        var payload = Array(next(min(length, TranscriptRecord.longestPayload)))
        guard !ranOut else { return nil }
        payload += [UInt8](repeating: 0, count: length - payload.count)
        return TCPSegment(header: header, options: TCPOptions(octets: options), payload: payload[...])
    }

    mutating func eventKind() -> Event.Kind? {
        switch octet() {
        case 1: return .timer(.retransmission(nextAttempt: Int(uint32())))
        case 2:
            guard let wait = Event.Wait(rawValue: text()), let waited = duration() else { return nil }
            return .timer(.gaveUp(wait, after: waited))
        case 3: return .captureLoss(frames: Int(clamping: uint64()))
        case 4:
            let call = text()
            let errno = Int32(bitPattern: uint32())
            return .sendFailure(SendFailure(call: call, errno: errno, reason: text()))
        case 5: return segment().map { .notSeenLeaving($0) }
        case 6:
            guard let segment = segment() else { return nil }
            return .answerElsewhere(segment, interface: text())
        case 7: return duration().map { .clockStepped($0) }
        case 8: return .manual(text())
        case 9:
            let isSignal = octet() == 1
            let number = Int32(bitPattern: uint32())
            return .interrupted(signal: isSignal ? number : nil)
        case 10:
            let nextHop = octet()
            return .silenceChecked(
                SilenceCheck(
                    nextHop: SilenceCheck.NextHop.allCases.first { TranscriptRecord.code($0) == nextHop },
                    watchesOtherInterfaces: octet() == 1
                ))
        case 11: return .captureFailed(reason: text())
        default: return nil
        }
    }
}
