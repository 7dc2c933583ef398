import HandprobeTestKit
import HandprobeWire
import Testing

/// How a SYN looks on the wire, read by a few lines of this test's own; what differs from one to the next is masked.
struct SynShape: Hashable, CustomStringConvertible {
    /// The twelve bits of control.
    var flags: TCPFlags
    /// The window field.
    var window: UInt16
    /// The option octets in order, the sender's timestamp as zero.
    var options: [UInt8]
    /// TTL or hop limit.
    var hopLimit: UInt8
    /// Type of service or traffic class.
    var trafficClass: UInt8
    /// IPv4: don't fragment, and no IP options. IPv6: a flow label that is not zero, and no extension header.
    var isModern: Bool

    /// The first SYN in `frames` from `port`.
    init?(_ frames: [ObservedFrame], from port: UInt16) {
        let syns = frames.filter { $0.outgoing && $0.tcp?.flags.contains(.syn) == true && $0.tcp?.source.port == port }
        guard let frame = syns.first, let syn = frame.tcp else { return nil }
        (flags, window, hopLimit) = (syn.flags, syn.window, syn.hopLimit)
        options = Self.masked(syn.options)
        let octets = frame.octets
        if frame.etherType == 0x0800 {
            trafficClass = octets[15]
            isModern = octets[14] == 0x45 && octets[20] & 0xE0 == 0x40
        } else {
            trafficClass = octets[14] << 4 | octets[15] >> 4
            isModern = octets[20] == 6 && (octets[15] & 0x0F, octets[16], octets[17]) != (0, 0, 0)
        }
    }

    var description: String {
        "flags \(String(flags.rawValue, radix: 16)) win \(window) options \(options) hops \(hopLimit) "
            + "class \(trafficClass) \(isModern ? "modern" : "old")"
    }

    /// The bodies of the options of a kind.
    func option(_ kind: UInt8) -> [[UInt8]] {
        Self.walk(options).filter { $0.first == kind }.map { Array($0.dropFirst(2)) }
    }

    private static func masked(_ options: [UInt8]) -> [UInt8] {
        walk(options).flatMap { $0.first == 8 && $0.count == 10 ? [8, 10, 0, 0, 0, 0] + $0[6...] : $0 }
    }

    /// Each option with its kind and length; the end of the list takes the rest.
    static func walk(_ octets: [UInt8]) -> [[UInt8]] {
        var (parts, rest): ([[UInt8]], ArraySlice<UInt8>) = ([], octets[...])
        while let kind = rest.first {
            let length =
                kind == 1 ? 1 : kind == 0 || rest.count < 2 ? rest.count : max(2, Int(rest[rest.startIndex + 1]))
            parts.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return parts
    }
}
