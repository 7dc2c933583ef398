import HandprobeNet
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// The filter must pass whatever may be ours, however it is wrapped; that it keeps other traffic away is a kindness.
@Suite(Needs.namespaces)
struct CaptureFilterTests {
    @Test func nothingOfOursIsFilteredAway() throws {
        let bed = try Testbed.veth()
        let frames = Frames(from: bed.theirs, to: bed.ours)
        try bed.us.run {
            let route = try Route.lookup(to: SocketAddress(.v4(bed.theirs.ipv4), port: 80))
            var settings = TransportSettings.quiet(on: route, localPorts: [Frames.port])
            settings.capture.peers.append(.v6(bed.theirs.ipv6))
            let transport = try NetTransport(settings)
            let sender = try FrameSender(bed.theirs)
            // The last one sent is ours for certain; when it has come, all others have.
            for frame in frames.foreign + frames.ours { #expect(sender.send(frame.octets)) }
            var arrivals = Arrivals()
            var captured: Set<[UInt8]> = []
            let deadline = transport.now + .patience
            while !captured.contains(frames.ours.last!.octets), transport.now < deadline {
                transport.receive(into: &arrivals, until: deadline)
                for frame in arrivals.frames { captured.insert(Array(arrivals.octets[frame.range])) }
            }
            for frame in frames.ours { #expect(captured.contains(frame.octets), "\(frame.name)") }
            for frame in frames.foreign { #expect(!captured.contains(frame.octets), "\(frame.name)") }
        }
    }

    @Test(arguments: [LinkType.raw, .linuxCooked, .linuxCooked2, .null])
    func onlyEthernetHasTags(linkType: LinkType) {
        let settings = CaptureSettings(peers: [.v4(.loopback)], localPorts: [1])
        #expect(settings.filter(linkType: .ethernet).contains("vlan"))
        #expect(!settings.filter(linkType: linkType).contains("vlan"))
    }
}

/// Frames from a peer to us, as they may come and as they are not to.
private struct Frames {
    struct Named {
        var name: String
        var octets: [UInt8]
    }

    static let port: UInt16 = 40001
    var ours: [Named] = []
    var foreign: [Named] = []

    init(from peer: HandprobeTestKit.NetworkInterface, to us: HandprobeTestKit.NetworkInterface) {
        func ethernet(_ type: UInt16, tags: [UInt8] = [], _ packet: [UInt8]) -> [UInt8] {
            us.hardwareAddress + peer.hardwareAddress + tags + [UInt8(type >> 8), UInt8(type & 0xFF)] + packet
        }
        func tcp(_ source: IPAddress, port: UInt16) -> [UInt8] {
            var template = SegmentTemplate()
            template.flags = [.syn, .ack]
            let destination = us.address(source.family)
            return template.packet(
                from: SocketAddress(source, port: 80), to: SocketAddress(destination, port: port))
        }
        let (v4, v6) = (tcp(.v4(peer.ipv4), port: Self.port), tcp(.v6(peer.ipv6), port: Self.port))
        let tag: [UInt8] = [0x81, 0x00, 0x00, 0x05]

        var laterFragment = v4
        laterFragment[6] = 0x00
        laterFragment[7] = 0x10
        var withOptions = v4
        withOptions[0] = 0x46
        withOptions.insert(contentsOf: [1, 1, 1, 0], at: 20)
        func extended(_ next: UInt8, _ header: [UInt8]) -> [UInt8] {
            var packet = v6
            packet[6] = next
            packet.insert(contentsOf: header, at: 40)
            return packet
        }
        func other(_ packet: [UInt8], protocolNumber: UInt8, from source: [UInt8]) -> [UInt8] {
            var packet = packet
            if packet[0] >> 4 == 4 {
                packet[9] = protocolNumber
                packet.replaceSubrange(12..<16, with: source)
            } else {
                packet[6] = protocolNumber
                packet.replaceSubrange(8..<24, with: source)
            }
            return packet
        }
        let (router4, router6): ([UInt8], [UInt8]) = (
            [198, 51, 100, 1], [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1]
        )
        ours = [
            Named(name: "tagged IPv4", octets: ethernet(0x0800, tags: tag, v4)),
            Named(name: "tagged IPv6", octets: ethernet(0x86DD, tags: tag, v6)),
            Named(name: "twice tagged", octets: ethernet(0x0800, tags: [0x88, 0xA8, 0x00, 0x07] + tag, v4)),
            Named(name: "later fragment", octets: ethernet(0x0800, laterFragment)),
            Named(name: "IPv4 options", octets: ethernet(0x0800, withOptions)),
            Named(name: "hop-by-hop", octets: ethernet(0x86DD, extended(0, [6, 0, 1, 4, 0, 0, 0, 0]))),
            Named(name: "destination options", octets: ethernet(0x86DD, extended(60, [6, 0, 1, 4, 0, 0, 0, 0]))),
            Named(name: "IPv6 fragment", octets: ethernet(0x86DD, extended(44, [6, 0, 0, 1, 0, 0, 0, 9]))),
            Named(name: "ICMP of a router", octets: ethernet(0x0800, other(v4, protocolNumber: 1, from: router4))),
            Named(name: "ICMPv6 of a router", octets: ethernet(0x86DD, other(v6, protocolNumber: 58, from: router6))),
            Named(name: "IPv6", octets: ethernet(0x86DD, v6)),
            Named(name: "IPv4", octets: ethernet(0x0800, v4)),
        ]
        let stranger = tcp(.v4(IPv4Address(peer.ipv4.rawValue ^ 0x40)), port: Self.port)
        foreign = [
            Named(name: "another port", octets: ethernet(0x0800, tcp(.v4(peer.ipv4), port: 40002))),
            Named(name: "another port, IPv6", octets: ethernet(0x86DD, tcp(.v6(peer.ipv6), port: 40002))),
            Named(name: "another host", octets: ethernet(0x0800, stranger)),
            Named(
                name: "UDP",
                octets: ethernet(0x0800, other(v4, protocolNumber: 17, from: Array(v4[12..<16])))
            ),
        ]
    }
}
