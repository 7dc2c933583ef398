/// A packet taken apart field by field for a reader, wrong fields included.
public struct PacketAnnotation {
    /// The packet.
    let packet: [UInt8]
    /// The version that it is read as.
    let family: IPAddress.Family
    /// The fields found so far, in the order of their octets.
    var fields: [FieldAnnotation] = []

    /// Every field of an IP packet in order; together they cover all its octets and bits, whatever these are.
    ///
    /// `family` is needed only where the packet's version field is wrong. Lengths that cannot be are not followed: their header is
    /// then taken to have no options.
    public static func annotate(packet: [UInt8], family: IPAddress.Family? = nil) -> [FieldAnnotation] {
        var annotation = PacketAnnotation(packet: packet, family: family ?? PacketLayout.family(of: packet))
        switch annotation.family {
        case .v4: annotation.annotateIPv4()
        case .v6: annotation.annotateIPv6()
        }
        return annotation.fields
    }

    private init(packet: [UInt8], family: IPAddress.Family) {
        self.packet = packet
        self.family = family
    }

    mutating func add(
        _ layer: WireLayer,
        _ name: String,
        _ octets: Range<Int>,
        bits: Range<Int>? = nil,
        _ value: String,
        _ meaning: String = ""
    ) {
        fields.append(
            FieldAnnotation(octets: octets, bits: bits, layer: layer, name: name, value: value, meaning: meaning)
        )
    }

    /// Adds what no field covers, if there is anything.
    mutating func addRest(_ layer: WireLayer, _ name: String, _ octets: Range<Int>, _ meaning: String = "") {
        guard !octets.isEmpty else { return }
        add(layer, name, octets, packet[octets].hexadecimal, meaning)
    }

    func number(_ octets: Range<Int>) -> Int {
        packet[octets].reduce(0) { $0 << 8 | Int($1) }
    }

    /// The number in the given bits of `octets`.
    func number(_ octets: Range<Int>, bits: Range<Int>) -> Int {
        number(octets) >> (octets.count * 8 - bits.upperBound) & ((1 << bits.count) - 1)
    }

    static func hex(_ value: some BinaryInteger, digits: Int) -> String {
        let text = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
