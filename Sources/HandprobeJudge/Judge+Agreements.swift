import HandprobeTCP
import HandprobeWire

/// What the SYN-ACK says to the extensions that our SYN asked for.
extension Judge {
    mutating func inspectAgreements(_ segment: TCPSegment, to offer: TCPOptions) {
        inspectECN(segment.flags)
        let answered = segment.options.parsed.options
        let offered = offer.parsed.options
        if offered.contains(where: { $0.kind == 34 }) {
            let cookie = answered.compactMap { option -> [UInt8]? in
                if case .unknown(34, let octets) = option, !octets.isEmpty { octets } else { nil }
            }.first
            if let cookie {
                note(.tfoCookie, "the SYN-ACK has a Fast Open cookie: \(Self.hex(cookie))", source: .peer)
            } else if observer.us.acknowledged <= 1 {
                note(.tfoDeclined, "the SYN-ACK has no Fast Open cookie", source: .peer)
            }
        }
        if offered.contains(where: { $0.kind == 30 }) {
            let speaks = answered.contains { option in
                if case .unknown(30, let octets) = option, let first = octets.first { first >> 4 == 0 } else { false }
            }
            note(
                speaks ? .mptcpAgreed : .mptcpDeclined,
                speaks
                    ? "the SYN-ACK has MP_CAPABLE; we go on with plain TCP, as a host without it would"
                    : "the SYN-ACK has no MP_CAPABLE",
                source: .peer)
        }
        let spoken = observer.us.next - 1
        guard spoken > 0 else { return }
        if observer.us.acknowledged > spoken {
            note(.synDataTaken, "the SYN-ACK confirms the \(Self.count(spoken)) on our SYN", source: .peer)
        } else {
            note(
                .synDataIgnored,
                "the SYN-ACK does not confirm the \(Self.count(spoken)) on our SYN: they are sent again",
                source: .peer)
        }
    }

    /// RFC 9768 §3.1.1, table 2: what the flags of the SYN-ACK answer to those of the SYN.
    private mutating func inspectECN(_ answer: TCPFlags) {
        guard offeredFlags.isSuperset(of: [.cwr, .ece]) else { return }
        let asksAccurate = offeredFlags.contains(.ae)
        let flags = answer.intersection([.ae, .cwr, .ece])
        if flags.isEmpty {
            return note(.ecnDeclined, "the SYN-ACK has no ECN flag: the peer declines", source: .peer)
        }
        if flags == .ece {
            let instead = asksAccurate ? ", not to accurate ECN" : ""
            return note(.ecnAgreed, "the SYN-ACK agrees to ECN as of RFC 3168\(instead)", source: .peer)
        }
        if flags == offeredFlags.intersection([.ae, .cwr, .ece]) || !asksAccurate || flags == [.ae, .ece] {
            return note(
                .ecnBroken, "the SYN-ACK has ECN flags that answer nothing: they must be taken for none", source: .peer)
        }
        let arrived =
            switch flags {
            case .cwr: "as not capable of it"
            case [.cwr, .ece]: "as ECT(1)"
            case .ae: "as ECT(0)"
            default: "as CE"
            }
        note(.accecnAgreed, "the SYN-ACK agrees to accurate ECN; our SYN arrived marked \(arrived)", source: .peer)
    }

    private static func hex(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
