import HandprobeJudge
import HandprobeWire

/// What a verbose report says of a segment beside its notation: absolute numbers, IP fields, the text it carries.
enum SegmentDetail {
    /// Clauses, each complete in itself.
    static func clauses(_ observed: ObservedSegment) -> [String] {
        let segment = observed.segment
        var clauses = ["seq \(segment.seq)"]
        if segment.flags.contains(.ack) { clauses[0] += " ack \(segment.ack)" }
        clauses += ip(observed.ip)
        clauses.append("checksum 0x\(Hex.digits(segment.header.checksum)) \(words(observed.checksum))")
        if segment.flags.contains(.urg) { clauses.append("urgent pointer \(segment.header.urgentPointer)") }
        if !observed.vlans.isEmpty { clauses.append("VLAN " + observed.vlans.map { "\($0)" }.joined(separator: ",")) }
        return clauses
    }

    /// The beginning of the text, harmless and in quotes; nil when there is none.
    static func excerpt(_ segment: TCPSegment, style: TextStyle) -> String? {
        guard !segment.payload.isEmpty else { return nil }
        let most = 48
        let text = TerminalText.escape(octets: segment.payload.prefix(most))
        return style.safe("\"\(text)\"" + (segment.payload.count > most ? "…" : ""))
    }

    private static func ip(_ header: IPHeader) -> [String] {
        switch header {
        case .v4(let header):
            let id = "id \(header.identification)\(header.dontFragment ? " DF" : "")"
            return ["ttl \(header.timeToLive)", id] + service(header.typeOfService, named: "tos")
        case .v6(let header, let extensions):
            let label = "flow label 0x\(String(header.flowLabel, radix: 16))"
            let walked = extensions.isEmpty ? [] : ["extensions \(extensions.map { "\($0)" }.joined(separator: ","))"]
            return ["hop limit \(header.hopLimit)", label] + service(header.trafficClass, named: "class") + walked
        }
    }

    private static func service(_ value: UInt8, named name: String) -> [String] {
        value == 0 ? [] : ["\(name) 0x\(Hex.digits(value))"]
    }

    private static func words(_ verdict: ChecksumVerdict) -> String {
        switch verdict {
        case .good: "good"
        case .bad: "bad"
        case .notFilledIn: "not filled in yet"
        case .unverifiable: "unverifiable"
        }
    }
}
