import HandprobeTestKit
import HandprobeWire
import Testing

@Suite("Outside judges of what we craft")
struct OutsideJudgeTests {
    private static let hasScapy: Bool = {
        let probe = try? Subprocess("/usr/bin/python3", ["-c", "import scapy.all"]).wait()
        return probe?.exitCode == 0
    }()

    private static let us = SocketAddress(.v4(IPv4Address(0xC000_0201)), port: 41873)
    private static let peer = SocketAddress(.v4(IPv4Address(0xC633_6402)), port: 8080)
    private static let us6 = SocketAddress(.v6(IPv6Address(0x2001_0DB8 << 96 | 1)), port: 41873)
    private static let peer6 = SocketAddress(.v6(IPv6Address(0x2001_0DB8 << 96 | 2)), port: 8080)

    /// Random templates and the packets crafted from them, IPv4 and IPv6 by turns.
    private func packets(
        _ count: Int,
        seed: UInt64,
        plainOptions: Bool = false
    ) -> [(template: SegmentTemplate, packet: [UInt8])] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { index in
            var template = random.template()
            if plainOptions { template.options = random.plainOptions() }
            let isV4 = index % 2 == 0
            return (template, template.packet(from: isV4 ? Self.us : Self.us6, to: isV4 ? Self.peer : Self.peer6))
        }
    }

    @Test(
        "tshark sees good checksums and the fields we asked for",
        .enabled(
            if: TestEnvironment.has("tshark"), "NOT TESTED: tshark is not installed, nobody else reads our packets")
    )
    func tshark() throws {
        let crafted = packets(400, seed: 0x5EED_0070)
        var file = ClassicPcap(linkType: .raw)
        for (index, (_, packet)) in crafted.enumerated() { file.append(packet, time: UInt32(index)) }
        let rows = try tsharkFields(
            of: file.octets,
            [
                "tcp.checksum.status", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.window_size_value",
                "tcp.urgent_pointer", "tcp.options", "tcp.payload", "tcp.len", "ip.ttl", "ipv6.hlim",
                "ip.checksum.status",
                "ip.dsfield", "ipv6.tclass", "ipv6.flow", "tcp.srcport", "tcp.dstport",
            ]
        )
        #expect(rows.count == crafted.count)
        for (index, (row, (template, packet))) in zip(rows, crafted).enumerated() {
            let isV4 = index % 2 == 0
            var options = template.options ?? TCPOptions()
            options.pad()
            // What an RST carries tshark shows as the reset's cause, not as payload.
            let payload = template.flags?.contains(.rst) ?? false ? "" : template.payload?.hexadecimal ?? ""
            let expected: [String] = [
                "1", "\(template.seq?.rawValue ?? 0)", "\(template.ack?.rawValue ?? 0)",
                hex(template.flags?.rawValue ?? 0, digits: 4), "\(template.window ?? 0)",
                "\(template.urgentPointer ?? 0)", options.octets.hexadecimal, payload,
                "\(template.payload?.count ?? 0)",
                isV4 ? "\(template.ip.hopLimit ?? 64)" : "", isV4 ? "" : "\(template.ip.hopLimit ?? 64)",
                isV4 ? "1" : "", isV4 ? hex(template.ip.trafficClass ?? 0, digits: 2) : "",
                isV4 ? "" : hex(template.ip.trafficClass ?? 0, digits: 8),
                isV4 ? "" : hex(template.ip.flowLabel ?? 0, digits: 6), "41873", "8080",
            ]
            #expect(row == expected, "packet \(index): \(packet.hexadecimal)")
        }
    }

    @Test(
        "tshark tells the bad checksums that we were asked for from the good ones",
        .enabled(
            if: TestEnvironment.has("tshark"), "NOT TESTED: tshark is not installed, nobody else reads our packets")
    )
    func tsharkAndBadChecksums() throws {
        var file = ClassicPcap(linkType: .raw)
        var random = SplitMix64(seed: 0x5EED_0071)
        var verdicts: [String] = []
        for index in 0..<200 {
            var template = random.template()
            template.badChecksum = random.once(in: 2)
            file.append(template.packet(from: Self.us, to: Self.peer), time: UInt32(index))
            verdicts.append(template.badChecksum ? "0" : "1")
        }
        #expect(try tsharkFields(of: file.octets, ["tcp.checksum.status"]).map { $0[0] } == verdicts)
    }

    @Test(
        "scapy parses what we craft and rebuilds the same octets",
        .enabled(if: hasScapy, "NOT TESTED: scapy is not installed, nobody else rebuilds our packets")
    )
    func scapy() throws {
        // Scapy drops what follows an end of list, and brings signatures and cookies to the length they should have.
        let crafted = packets(400, seed: 0x5EED_0072, plainOptions: true).map(\.packet.hexadecimal)
        let program = """
            import sys
            from scapy.all import IP, IPv6, TCP
            for line in sys.stdin:
                octets = bytes.fromhex(line)
                packet = IP(octets) if octets[0] >> 4 == 4 else IPv6(octets)
                for name in ("len", "ihl", "chksum", "plen"):
                    if hasattr(packet, name): packet.delfieldval(name)
                packet[TCP].delfieldval("chksum")
                packet[TCP].delfieldval("dataofs")
                print(bytes(packet).hex())
            """
        let process = try Subprocess(
            "/usr/bin/python3",
            ["-c", program],
            stdin: crafted.map { $0 + "\n" }.joined()
        )
        let result = try process.wait()
        #expect(result.exitCode == 0, "\(result.stderr)")
        let rebuilt = result.stdout.split(separator: "\n").map(String.init)
        #expect(rebuilt.count == crafted.count)
        for (ours, theirs) in zip(crafted, rebuilt) { #expect(ours == theirs) }
    }

    /// The values that tshark gives for `fields`, a row a frame.
    private func tsharkFields(of file: [UInt8], _ fields: [String]) throws -> [[String]] {
        let preferences = [
            "tcp.check_checksum:TRUE", "ip.check_checksum:TRUE", "tcp.relative_sequence_numbers:FALSE",
            "tcp.desegment_tcp_streams:FALSE",
        ]
        let tshark = try Subprocess(
            "tshark",
            ["-r", "-", "-n", "-T", "fields", "-E", "separator=|", "-E", "occurrence=f"]
                + preferences.flatMap { ["-o", $0] } + fields.flatMap { ["-e", $0] },
            keepsInputOpen: true
        )
        tshark.write(octets: file)
        tshark.closeInput()
        let result = try tshark.wait()
        #expect(result.exitCode == 0, "\(result.stderr)")
        return result.stdout.split(separator: "\n").map {
            $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        }
    }

    private func hex(_ value: some BinaryInteger, digits: Int) -> String {
        let text = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
