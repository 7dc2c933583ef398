import HandprobeTCP
import HandprobeWire

/// What the SYN-ACK says to the extensions that our SYN asked for.
extension Judge {
    mutating func inspectAgreements(_ segment: TCPSegment, to offer: TCPOptions) {
        inspectECN(segment.flags)
        if offer.contains(kind: 34) {
            let cookie = segment.options.options.compactMap { option -> [UInt8]? in
                if case .unknown(34, let octets) = option, !octets.isEmpty { octets } else { nil }
            }.first
            if let cookie {
                agree(.tfoCookie, "the SYN-ACK has a Fast Open cookie: \(Self.hex(cookie))")
            } else if observer.us.acknowledged <= 1 {
                agree(.tfoDeclined, "the SYN-ACK has no Fast Open cookie")
            }
        }
        if offer.contains(kind: 30) {
            let speaks = segment.options.options.contains { option in
                if case .unknown(30, let octets) = option, let first = octets.first { first >> 4 == 0 } else { false }
            }
            if speaks {
                agree(.mptcpAgreed, "the SYN-ACK has MP_CAPABLE; we go on with plain TCP, as a host without it would")
            } else {
                agree(.mptcpDeclined, "the SYN-ACK has no MP_CAPABLE")
            }
        }
        let spoken = (observer.us.fin ?? observer.us.next) - 1
        guard spoken > 0 else { return }
        let octets = "the \(Self.count(spoken)) on our SYN"
        if observer.us.acknowledged > spoken {
            agree(.synDataTaken, "the SYN-ACK confirms \(octets)")
        } else {
            agree(.synDataIgnored, "the SYN-ACK does not confirm \(octets): what it leaves out is sent again")
        }
    }

    /// It is the SYN-ACK that says it, whatever our SYN has carried.
    private mutating func agree(_ code: FindingCode, _ sentence: String) {
        note(code, sentence, stage: .postSyn, source: .peer)
    }

    /// RFC 9768 §3.1.1, table 2: what the flags of the SYN-ACK answer to those of the SYN.
    private mutating func inspectECN(_ answer: TCPFlags) {
        guard offeredFlags.isSuperset(of: [.cwr, .ece]) else { return }
        let asksAccurate = offeredFlags.contains(.ae)
        switch answer.intersection([.ae, .cwr, .ece]) {
        case []: agree(.ecnDeclined, "the SYN-ACK has no ECN flag: the peer declines")
        case .ece where asksAccurate:
            agree(.ecnAgreed, "the SYN-ACK agrees to ECN as of RFC 3168, not to accurate ECN")
        case .ece: agree(.ecnAgreed, "the SYN-ACK agrees to ECN as of RFC 3168")
        case .cwr where asksAccurate: agreeToAccurateECN("as not capable of it")
        case [.cwr, .ece] where asksAccurate: agreeToAccurateECN("as ECT(1)")
        case .ae where asksAccurate: agreeToAccurateECN("as ECT(0)")
        case [.ae, .cwr] where asksAccurate: agreeToAccurateECN("as CE")
        default:
            agree(.ecnBroken, "the SYN-ACK has ECN flags that answer nothing: they must be taken for none")
        }
    }

    private mutating func agreeToAccurateECN(_ mark: String) {
        agree(.accecnAgreed, "the SYN-ACK agrees to accurate ECN; our SYN arrived marked \(mark)")
    }

    private static func hex(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
