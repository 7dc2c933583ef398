import HandprobeJudge
import HandprobeWire

extension JSONValue {
    /// The most octets of a payload that an object shows.
    static let excerptLength = 64

    /// A captured segment with everything the capture says of it; `base` is what the notation counts from.
    static func segment(_ observed: ObservedSegment, relativeTo base: SequenceBase, _ reading: Reading) -> JSONValue {
        let segment = observed.segment
        let seq = reading.relativeSeq ?? distance(of: segment.seq, from: base.seq)
        let ack = reading.relativeAck ?? (hasAck(segment) ? distance(of: segment.ack, from: base.ack) : nil)
        let capture: JSONValue = [
            "checksum": .string(observed.checksum.rawValue),
            "flaw": observed.flaw.map(JSONValue.string),
            "payload_missing": observed.missingOctets > 0 ? .number(observed.missingOctets) : nil,
            "ip": ip(observed.ip),
            "vlans": .list(observed.vlans.map { .number($0) }),
            "interface": observed.interface.isEmpty ? nil : .string(observed.interface),
            "coalesced": .flag(observed.isCoalesced),
            "rewritten": .list(
                observed.rewritten.map {
                    ["field": .string($0.field), "crafted": .string($0.crafted), "left": .string($0.left)]
                }
            ),
        ]
        return tcp(segment, seq: seq, ack: ack, base, missing: observed.missingOctets) + capture
    }

    /// A segment of which no more is known than itself, its numbers absolute.
    static func segment(_ segment: TCPSegment) -> JSONValue { tcp(segment, seq: nil, ack: nil, .absolute, missing: 0) }

    private static func tcp(
        _ segment: TCPSegment,
        seq: Int?,
        ack: Int?,
        _ base: SequenceBase,
        missing: Int
    ) -> JSONValue {
        let (options, problem) = segment.options.parsed
        let excerpt = segment.payload.prefix(excerptLength)
        let isUrgent = segment.flags.contains(.urg) || segment.header.urgentPointer != 0
        return [
            "notation": .string(segment.notation(relativeTo: base)),
            "seq": .number(segment.seq.rawValue),
            "seq_relative": seq.map { .number($0) },
            "ack": hasAck(segment) ? .number(segment.ack.rawValue) : nil,
            "ack_relative": ack.map { .number($0) },
            "flags": .array(names(segment.flags).map(JSONValue.string)),
            "flags_notation": .string(segment.flags.notation),
            "window": .number(segment.wnd),
            "urgent_pointer": isUrgent ? .number(segment.header.urgentPointer) : nil,
            "data_offset": .number(segment.header.dataOffset),
            "checksum_field": .number(segment.header.checksum),
            "options": .array(options.map(option)),
            "options_hex": segment.options.isEmpty ? nil : .string(segment.options.octets.hexadecimal),
            "options_problem": problem.map { .string($0.description) },
            "payload_length": .number(segment.payload.count + max(0, missing)),
            "payload_hex": excerpt.isEmpty ? nil : .string(excerpt.hexadecimal),
            "payload_text": excerpt.isEmpty ? nil : .string(TerminalText.escape(octets: excerpt)),
        ]
    }

    /// True when the acknowledgment field says something, rightly or not.
    private static func hasAck(_ segment: TCPSegment) -> Bool {
        segment.flags.contains(.ack) || segment.ack.rawValue != 0
    }

    /// A base of 0 is one that is not known.
    private static func distance(of number: SequenceNumber, from base: SequenceNumber) -> Int? {
        base.rawValue == 0 ? nil : number.distance(from: base)
    }

    private static func names(_ flags: TCPFlags) -> [String] {
        let names: [(TCPFlags, String)] = [
            (.syn, "syn"), (.fin, "fin"), (.rst, "rst"), (.psh, "psh"), (.ack, "ack"), (.urg, "urg"), (.ece, "ece"),
            (.cwr, "cwr"), (.ae, "ae"),
        ]
        return names.filter { flags.contains($0.0) }.map(\.1)
            + (flags.isDisjoint(with: .reserved) ? [] : ["reserved"])
    }

    private static func option(_ option: TCPOption) -> JSONValue {
        let kind = JSONValue.number(option.kind)
        return switch option {
        case .endOfList: ["kind": kind, "name": "eol"]
        case .noOperation: ["kind": kind, "name": "nop"]
        case .maximumSegmentSize(let size): ["kind": kind, "name": "mss", "value": .number(size)]
        case .windowScale(let shift): ["kind": kind, "name": "wscale", "value": .number(shift)]
        case .sackPermitted: ["kind": kind, "name": "sack-permitted"]
        case .sack(let blocks):
            [
                "kind": kind, "name": "sack",
                "blocks": .array(
                    blocks.map { ["left": .number($0.left.rawValue), "right": .number($0.right.rawValue)] }),
            ]
        case .timestamps(let value, let echoReply):
            ["kind": kind, "name": "timestamps", "value": .number(value), "echo_reply": .number(echoReply)]
        case .unknown(_, let octets): ["kind": kind, "hex": .string(octets.hexadecimal)]
        }
    }

    /// An IP header; the hop limit of IPv6 goes by the name `ttl` and its traffic class by `tos`, so that one filter does.
    static func ip(_ header: IPHeader) -> JSONValue {
        let ends: JSONValue = [
            "source": .string(header.source.description), "destination": .string(header.destination.description),
            "ttl": .number(header.hopLimit), "tos": .number(header.trafficClass),
        ]
        switch header {
        case .v4(let header):
            let isFragment = header.moreFragments || header.fragmentOffset > 0
            return ["version": .number(4)] + ends + [
                "id": .number(header.identification),
                "df": .boolean(header.dontFragment),
                "more_fragments": isFragment ? .boolean(header.moreFragments) : nil,
                "fragment_offset": isFragment ? .number(Int(header.fragmentOffset) * 8) : nil,
                "options_hex": header.options.isEmpty ? nil : .string(header.options.hexadecimal),
            ]
        case .v6(let header, let extensions):
            return ["version": .number(6)] + ends + [
                "flow_label": .number(header.flowLabel),
                "extensions": .list(extensions.map { .number($0) }),
            ]
        }
    }
}
