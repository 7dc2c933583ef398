import Glibc
import HandprobeTestKit
import HandprobeWire
import Testing

/// A capture by tcpdump, read by tshark: a witness that shares no line with the program, nor with these tests.
final class OutsideObserver: Sendable {
    static let isInstalled = TestEnvironment.has("tcpdump") && TestEnvironment.has("tshark")

    private let folder: TemporaryFolder
    private let tcpdump: Subprocess
    /// What tcpdump writes.
    var file: String { "\(folder.path)/seen.pcap" }

    /// Observes `interface` of `namespace`, until this object goes.
    init(_ interface: String, in namespace: NetworkNamespace) throws {
        folder = try TemporaryFolder()
        let options = ["--immediate-mode", "-U", "-n", "-Z", "root", "-i", interface, "-w", "\(folder.path)/seen.pcap"]
        tcpdump = try Subprocess("tcpdump", options + ["tcp"], in: namespace)
        try tcpdump.waitForText("listening on", .stderr)
    }

    deinit {
        tcpdump.signal(SIGTERM)
    }

    private static let fields = [
        "tcp.srcport", "tcp.dstport", "tcp.flags", "tcp.checksum.status", "tcp.seq_raw", "tcp.ack_raw",
        "tcp.window_size_value", "tcp.len", "ip.ttl", "ipv6.hlim", "tcp.options.mss_val", "tcp.options.wscale.shift",
    ]

    /// The segments that go to or come from `port`, at least `count` of each end's that the program saw.
    func segments(port: UInt16, atLeast count: Int) throws -> [SegmentFacts] {
        var seen: [SegmentFacts] = []
        try waitUntil("tcpdump has written what it saw") {
            seen = try read(port: port)
            return seen.count >= count
        }
        return seen
    }

    private func read(port: UInt16) throws -> [SegmentFacts] {
        let options = ["-r", file, "-o", "tcp.check_checksum:TRUE", "-Y", "tcp.port == \(port)", "-T", "fields"]
        let run = try Subprocess.run("tshark", options + Self.fields.flatMap { ["-e", $0] })
        return try run.stdout.split(separator: "\n").map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            let bits = try #require(UInt16(fields[2].dropFirst(2), radix: 16), "\(line)")
            // 1 is good.
            #expect(fields[3] == "1", "\(line)")
            let hopLimit = fields[8].isEmpty ? fields[9] : fields[8]
            let facts = SegmentFacts(
                isOurs: fields[1] == "\(port)",
                flags: Self.letters(bits),
                numbers: fields[4...7] + [hopLimit] + fields[10...11]
            )
            return try #require(facts, "\(line)")
        }
    }

    /// Control bits in packetdrill's letters, from the bits of RFC 9293 §3.1.
    private static func letters(_ bits: UInt16) -> String {
        let names: [(UInt16, String)] = [
            (1, "F"), (2, "S"), (4, "R"), (8, "P"), (32, "U"), (64, "E"), (128, "W"), (256, "A"), (16, "."),
        ]
        let letters = names.filter { bits & $0.0 != 0 }.map(\.1).joined()
        return letters.isEmpty ? "-" : letters
    }
}
