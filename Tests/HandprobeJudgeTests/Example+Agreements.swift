import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// What a SYN-ACK answers to the extensions that our SYN asks for; the flags are those of RFC 9768 §3.1.1, table 2.
extension Example {
    private static func agreement(
        _ code: FindingCode,
        _ says: String,
        syn: TCPFlags = .syn,
        synAck: TCPFlags = [],
        offer: String = "mss 1460",
        answer: String = "mss 1460"
    ) -> Example {
        Example(code: code, outcome: .asExpected, stage: .postSyn, source: .peer, evidence: [1], says: says) {
            try $0.add("0.000 us   S 0:0(0) win 64240 <\(offer)>")
            $0.changeLast { $0.segment.header.flags.formUnion(syn) }
            try $0.add("0.041 peer S. 0:0(0) ack 1 win 65160 <\(answer)>")
            $0.changeLast { $0.segment.header.flags.formUnion(synAck) }
            try $0.add("0.103 us   . 1:1(0) ack 1 win 502")
            try $0.add(Opening.proof)
            try $0.add(Ending.fin)
        }
    }

    private static func dataOnSyn(_ code: FindingCode, _ says: String, confirmed: Int) -> Example {
        Example(code: code, outcome: .asExpected, stage: .postSyn, source: .peer, evidence: [1], says: says) {
            try $0.add("0.000 us   S 0:5(5) win 64240 <mss 1460>")
            try $0.add("0.041 peer S. 0:0(0) ack \(1 + confirmed) win 65160 <mss 1460>")
            if confirmed == 0 {
                try $0.add("0.103 us   P. 1:6(5) ack 1 win 502")
                try $0.add("0.110 peer . 1:1(0) ack 6 win 509")
            }
            try $0.add(
                """
                1 us   F. 6:6(0) ack 1 win 502
                2 peer F. 1:1(0) ack 7 win 509
                3 us   . 7:7(0) ack 2 win 502
                """
            )
        }
    }

    static let agreements: [Example] = [
        agreement(.ecnAgreed, "agrees to ECN as of RFC 3168", syn: [.ece, .cwr], synAck: .ece),
        agreement(.ecnDeclined, "the peer declines", syn: [.ece, .cwr]),
        agreement(.ecnBroken, "taken for none", syn: [.ece, .cwr], synAck: [.ece, .cwr]),
        agreement(.accecnAgreed, "marked as not capable of it", syn: [.ae, .ece, .cwr], synAck: .cwr),
        agreement(
            .tfoCookie, "cookie: 0123456789abcdef", offer: "mss 1460,0x22020101",
            answer: "mss 1460,FO 0123456789abcdef,nop,nop"),
        agreement(.tfoDeclined, "no Fast Open cookie", offer: "mss 1460,0x22020101"),
        agreement(
            .mptcpAgreed, "has MP_CAPABLE", offer: "mss 1460,gen-30 0101",
            answer: "mss 1460,gen-30 01010011223344556677"),
        agreement(.mptcpDeclined, "no MP_CAPABLE", offer: "mss 1460,gen-30 0101"),
        dataOnSyn(.synDataTaken, "confirms the 5 octets on our SYN", confirmed: 5),
        dataOnSyn(.synDataIgnored, "does not confirm the 5 octets on our SYN", confirmed: 0),
    ]
}
