/// What a file is, by its first octets.
public enum CaptureFormat: Hashable, Sendable {
    /// Classic pcap, of either order of octets and either unit of time.
    case pcap
    /// pcapng.
    case pcapng
    /// Nothing that is read, and a clause that says what it is and what to do about it.
    case other(String)

    /// How many octets are enough to tell.
    public static let magicLength = 6

    /// The format of a file that begins with `octets`.
    public init(magic octets: [UInt8]) {
        switch octets.prefix(4) {
        case [0x0A, 0x0D, 0x0D, 0x0A]: self = .pcapng
        case [0xA1, 0xB2, 0xC3, 0xD4], [0xD4, 0xC3, 0xB2, 0xA1], [0xA1, 0xB2, 0x3C, 0x4D], [0x4D, 0x3C, 0xB2, 0xA1],
            [0xA1, 0xB2, 0xCD, 0x34], [0x34, 0xCD, 0xB2, 0xA1]:
            self = .pcap
        default: self = .other(Self.clause(octets))
        }
    }

    private static func clause(_ octets: [UInt8]) -> String {
        let compressed: [(magic: [UInt8], name: String, program: String)] = [
            ([0x1F, 0x8B], "gzip", "gzip -dc"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd", "zstd -dc"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz", "xz -dc"), ([0x42, 0x5A, 0x68], "bzip2", "bzip2 -dc"),
            ([0x04, 0x22, 0x4D, 0x18], "lz4", "lz4 -dc"),
        ]
        for kind in compressed where octets.starts(with: kind.magic) {
            return "it is compressed with \(kind.name): `\(kind.program) FILE | handprobe read -` reads it"
        }
        if octets.isEmpty { return "it is empty" }
        return "it is neither pcap nor pcapng; `editcap -F pcapng FILE NEW` may make one of it"
    }
}
