import HandprobeTestKit
import Testing

@testable import HandprobeWire

@Suite("The MD5 signature option (RFC 2385)")
struct SignatureTests {
    @Test(
        "The test suite of RFC 1321, appendix A.5",
        arguments: [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
            (
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                "d174ab98d277d9f5a5611c2c9f419d9f"
            ),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a"
            ),
        ])
    func rfc1321(message: String, digest: String) {
        #expect(MD5.digest(of: Array(message.utf8)).hexadecimal == digest)
    }

    /// Lengths on either side of the padding's corners, against coreutils.
    @Test(arguments: [55, 56, 57, 63, 64, 65, 119, 120, 121, 1460]) func lengths(count: Int) throws {
        let message = String(repeating: "x", count: count)
        let judge = try Subprocess.check("md5sum", [], stdin: message).stdout
        #expect(judge.hasPrefix(MD5.digest(of: Array(message.utf8)).hexadecimal))
    }

    private static let key = "s3cr3t of two"
    private static let ends: [(SocketAddress, SocketAddress)] = [
        (
            SocketAddress(.v4(IPv4Address(0xC000_0201)), port: 41873),
            SocketAddress(.v4(IPv4Address(0xC633_6402)), port: 179)
        ),
        (
            SocketAddress(.v6(IPv6Address(0x2001_0DB8 << 96 | 1)), port: 41873),
            SocketAddress(.v6(IPv6Address(0x2001_0DB8 << 96 | 2)), port: 179)
        ),
    ]

    private func segment(_ options: [TCPOption], _ payload: String = "") -> TCPSegment {
        var segment = TCPSegment(
            seq: SequenceNumber(0xFFFF_FFF0), ack: SequenceNumber(7), flags: [.psh], wnd: 502,
            options: TCPOptions(options) ?? TCPOptions(), payload: Array(payload.utf8)[...])
        segment.header.sourcePort = 41873
        segment.header.destinationPort = 179
        return segment
    }

    /// tcpdump works the digests out from the key by itself (-M), with OpenSSL's MD5.
    @Test(
        .enabled(if: TestEnvironment.has("tcpdump"), "NOT TESTED: tcpdump is not installed"), arguments: [0, 1])
    func tcpdumpAgrees(family: Int) throws {
        let (us, peer) = Self.ends[family]
        let key = try #require(SignatureKey(Array(Self.key.utf8)))
        let segments = [
            segment([]), segment([.timestamps(value: 1, echoReply: 2)], "hello"),
            segment([
                .maximumSegmentSize(1460), .sackPermitted, .timestamps(value: 1, echoReply: 0), .noOperation,
                .windowScale(7),
            ]),
            segment([.noOperation, .noOperation, .unknown(kind: 19, octets: Array(repeating: 0xEE, count: 16))], "x"),
        ]
        var file = ClassicPcap(linkType: .raw)
        for (index, segment) in segments.enumerated() {
            var signed = segment
            key.sign(&signed, from: us.address, to: peer.address)
            #expect(key.verifies(signed, from: us.address, to: peer.address))
            #expect(Int(signed.header.dataOffset) * 4 == 20 + signed.options.count)
            file.append(SegmentTemplate(segment: signed).packet(from: us, to: peer), time: UInt32(index))
        }
        let folder = try TemporaryFolder()
        try Subprocess.check(
            "sh", ["-c", "printf '\(file.octets.map { "\\" + octal($0) }.joined())' > '\(folder.path)/signed.pcap'"])
        let read = { (key: String) in
            try Subprocess.check(
                "tcpdump", ["-r", "\(folder.path)/signed.pcap", "-nn", "-v", "-M", key]
            ).stdout
        }
        let judged = try read(Self.key)
        #expect(judged.components(of: "md5 valid") == segments.count, "\(judged)")
        let other = try read("another key")
        #expect(other.components(of: "md5  (invalid)") == segments.count, "\(other)")
    }

    private func octal(_ octet: UInt8) -> String {
        let digits = String(octet, radix: 8)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }

    @Test func anyChangeIsNoticed() throws {
        let (us, peer) = Self.ends[0]
        let key = try #require(SignatureKey(Array(Self.key.utf8)))
        let other = try #require(SignatureKey(Array("s3cr3t of tw0".utf8)))
        var signed = segment([], "hello")
        #expect(!key.verifies(signed, from: us.address, to: peer.address))
        key.sign(&signed, from: us.address, to: peer.address)
        #expect(!other.verifies(signed, from: us.address, to: peer.address))
        #expect(!key.verifies(signed, from: peer.address, to: us.address))
        let changes: [(inout TCPSegment) -> Void] = [
            { $0.header.sequenceNumber += 1 }, { $0.header.acknowledgmentNumber += 1 }, { $0.header.window += 1 },
            { $0.header.flags.insert(.fin) }, { $0.header.sourcePort += 1 }, { $0.header.urgentPointer += 1 },
            { $0.payload[$0.payload.startIndex] ^= 1 }, { $0.payload.removeLast() },
        ]
        for change in changes {
            var changed = signed
            change(&changed)
            #expect(!key.verifies(changed, from: us.address, to: peer.address))
        }
        // Neither the checksum nor the other options take part.
        signed.header.checksum = 0x1234
        #expect(key.verifies(signed, from: us.address, to: peer.address))
    }

    @Test func whatHasNoRoomStaysAsItIs() throws {
        let key = try #require(SignatureKey([1]))
        let (us, peer) = Self.ends[0]
        let block = SACKBlock(left: SequenceNumber(1), right: SequenceNumber(2))
        let full = segment([.sack([block, block, block])])
        var signed = full
        key.sign(&signed, from: us.address, to: peer.address)
        #expect(signed == full)
        // Without the two NOPs it fits, behind the others.
        let others: [TCPOption] = [.sackPermitted, .unknown(kind: 254, octets: Array(repeating: 9, count: 18))]
        var tight = try #require(TCPOptions(others))
        let hasRoom = tight.makeRoomForSignature()
        #expect(hasRoom && tight.count == 40 && tight.signature == Array(repeating: 0, count: 16))
    }

    @Test(arguments: [0, 81]) func keysHaveOneToEightyOctets(count: Int) {
        #expect(SignatureKey(Array(repeating: 1, count: count)) == nil)
    }
}

extension String {
    /// How often `part` occurs.
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
