import HandprobeTestKit
import HandprobeWire
import Testing

/// Our SYN on the wire: a current Linux client's unless asked to be another.
@Suite(.blocks, Needs.namespaces)
struct SynTests {
    /// Settings of our namespace that a kernel's own client heeds.
    static let settings = [
        "", "net.ipv4.tcp_rmem=4096 131072 33554432", "net.ipv4.tcp_timestamps=0", "net.ipv4.tcp_sack=0",
        "net.ipv4.tcp_window_scaling=0", "net.ipv4.ip_default_ttl=77", "net.ipv4.tcp_ecn=1", "mtu 1400",
    ]

    @Test(arguments: Place.veth, settings)
    func looksLikeThisKernelsOwn(place: Place, setting: String) throws {
        let scene = try Scene(place, .echo)
        if setting.hasPrefix("mtu") {
            try scene.us.ip("link set veth0 \(setting)")
        } else if let equals = setting.firstIndex(of: "=") {
            try scene.us.sysctl(String(setting[..<equals]), String(setting[setting.index(after: equals)...]))
        }
        let client = try TestClient(to: scene.target, in: scene.us)
        client.endSending()
        let run = try scene.run("open")
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let port = try #require(scene.ourSyns.map(\.source.port).first { $0 != client.local.port })
        let kernels = try #require(SynShape(scene.tap.frames, from: client.local.port))
        let ours = try #require(SynShape(scene.tap.frames, from: port))
        #expect(ours == kernels)
        #expect(ours.isModern)
    }

    /// What was asked for, and where it shows on the wire.
    struct Asked: Sendable, CustomTestStringConvertible {
        var options: [String]
        var shows: @Sendable (SynShape, ObservedSegment) -> Bool

        init(_ options: String..., shows: @escaping @Sendable (SynShape, ObservedSegment) -> Bool) {
            (self.options, self.shows) = (options, shows)
        }

        var testDescription: String { options.joined(separator: " ") }
    }

    static let asked = [
        Asked("--mss", "536") { shape, _ in shape.option(2) == [[0x02, 0x18]] },
        Asked("--wscale", "3") { shape, _ in shape.option(3) == [[3]] },
        Asked("--wscale", "15") { shape, _ in shape.option(3) == [[15]] },
        Asked("--no-wscale") { shape, _ in shape.option(3).isEmpty && shape.option(2).count == 1 },
        Asked("--no-sack") { shape, _ in shape.option(4).isEmpty && shape.option(8).count == 1 },
        Asked("--no-timestamps") { shape, _ in shape.option(8).isEmpty && shape.option(4).count == 1 },
        Asked("--options", "mss=1400,nop,ws=5,sackok,nop,nop") { shape, _ in
            shape.options == [2, 4, 0x05, 0x78, 1, 3, 3, 5, 4, 2, 1, 1]
        },
        Asked("--options-hex", "020405b4fd06f989cafe0101") { shape, _ in
            shape.options == [2, 4, 0x05, 0xB4, 0xFD, 6, 0xF9, 0x89, 0xCA, 0xFE, 1, 1]
        },
        Asked("--options-hex", "") { shape, _ in shape.options.isEmpty },
        Asked("--isn", "0") { _, syn in syn.seq == SequenceNumber(0) },
        Asked("--isn", "4294967295") { _, syn in syn.seq == SequenceNumber(.max) },
        Asked("--isn", "0x80000000") { _, syn in syn.seq == SequenceNumber(0x8000_0000) },
        Asked("--source-port", "40001") { _, syn in syn.source.port == 40001 },
        Asked("--ttl", "33") { shape, _ in shape.hopLimit == 33 },
        Asked("--tos", "0x28") { shape, _ in shape.trafficClass == 0x28 },
        Asked("--ecn") { shape, _ in shape.flags == [.syn, .ece, .cwr] },
        Asked("--flags", "syn,ece,cwr") { shape, _ in shape.flags == [.syn, .ece, .cwr] },
        Asked("--flags", "SP") { shape, _ in shape.flags == [.syn, .psh] },
        Asked("--win", "1234") { shape, _ in shape.window == 1234 },
    ]

    @Test(arguments: Place.veth, asked)
    func everyPartCanBeAskedFor(place: Place, asked: Asked) throws {
        let scene = try Scene(place, .echo)
        let run = try scene.start("open", asked.options).wait()
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let syn = try #require(scene.ourSyns.first)
        let shape = try #require(SynShape(scene.tap.frames, from: syn.source.port))
        #expect(asked.shows(shape, syn), "\(shape)")
        // Whatever the SYN looks like, the peer's kernel took it, and all that followed.
        #expect(scene.ours.allSatisfy { $0.checksumIsGood && $0.hopLimit == syn.hopLimit })
        let seen = try #require(scene.server).waitUntil { $0.first?.closed == true }
        #expect(seen.map(\.sawEOF) == [true])
        try scene.expectGoodManners(run)
    }
}
