import HandprobeTestKit
import HandprobeWire

/// What a witness holds of one segment. The program and every witness of a run must agree on all of it.
struct SegmentFacts: Hashable {
    var isOurs: Bool
    /// The control bits in packetdrill's letters: `S.`.
    var flags: String
    var seq: UInt32
    /// nil without ACK.
    var ack: UInt32?
    /// The window field, unscaled.
    var window: Int
    /// Octets of payload.
    var length: Int
    /// TTL or hop limit.
    var hopLimit: Int
    /// The MSS option.
    var mss: Int?
    /// The shift of the window scale option.
    var shift: Int?

    /// A segment from texts: numbers in decimal, empty for what is not there.
    init?(isOurs: Bool, flags: String, numbers: [Substring]) {
        guard numbers.count == 7, let seq = UInt32(numbers[0]), let window = Int(numbers[2]),
            let length = Int(numbers[3]), let hopLimit = Int(numbers[4])
        else { return nil }
        (self.isOurs, self.flags, self.seq) = (isOurs, flags, seq)
        ack = flags.contains(".") ? UInt32(numbers[1]) : nil
        (self.window, self.length, self.hopLimit) = (window, length, hopLimit)
        (mss, shift) = (Int(numbers[5]), Int(numbers[6]))
    }

    /// A frame as the test kit reads it.
    init?(_ frame: ObservedFrame, port: UInt16) {
        guard let segment = frame.tcp, segment.source.port == port || segment.destination.port == port else {
            return nil
        }
        isOurs = segment.destination.port == port
        flags = segment.flags.notation
        seq = UInt32("\(segment.seq)") ?? 0
        ack = segment.flags.contains(.ack) ? UInt32("\(segment.ack)") : nil
        (window, length, hopLimit) = (Int(segment.window), segment.payload.count, Int(segment.hopLimit))
        (mss, shift) = (nil, nil)
        var rest = segment.options[...]
        while let kind = rest.first, kind != 0 {
            guard kind != 1 else {
                rest = rest.dropFirst()
                continue
            }
            let length = Int(rest.dropFirst().first ?? 0)
            guard length >= 2, length <= rest.count else { return }
            let value = rest.dropFirst(2).prefix(length - 2).reduce(0) { $0 << 8 | Int($1) }
            if kind == 2, length == 4 { mss = value }
            if kind == 3, length == 3 { shift = value }
            rest = rest.dropFirst(length)
        }
    }

    /// Octets of sequence space: payload, SYN and FIN.
    var span: UInt32 { UInt32(length) + (flags.contains("S") ? 1 : 0) + (flags.contains("F") ? 1 : 0) }
    /// The number after its last octet.
    var end: UInt32 { seq &+ span }

    /// True when it acknowledges everything before `number`.
    func covers(_ number: UInt32) -> Bool { ack.map { Int32(bitPattern: $0 &- number) >= 0 } ?? false }
}
