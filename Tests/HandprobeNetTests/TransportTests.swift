import Glibc
import HandprobeNet
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

@Suite(Needs.namespaces)
struct TransportTests {
    @Test(arguments: bothFamilies)
    func whatIsSentIsSeenOctetForOctet(family: IPAddress.Family) throws {
        try NetworkNamespace().run {
            let (from, to) = (Self.loopback(family, port: 40001), Self.loopback(family, port: 40002))
            let transport = try NetTransport(.quiet(on: try Route.lookup(to: to)))
            let packet = Self.packet(from: from, to: to, payload: Array("hello".utf8))
            let before = transport.wallClock(of: transport.now)
            #expect(transport.send([OutgoingPacket(octets: packet, destination: to)]) == [nil])
            let found = try #require(Self.frame(from: transport) { $0.header.sourcePort == from.port })
            #expect(found.octets == packet)
            #expect(found.frame.interface == "lo")
            #expect(found.frame.linkType == .ethernet)
            // The capture's stamps and the mapped monotonic clock are one clock, to a millisecond at the very least.
            #expect(found.frame.time.since(before) > .milliseconds(-1))
            #expect(transport.wallClock(of: transport.now).since(found.frame.time) > .milliseconds(-1))
        }
    }

    @Test func aBadTCPChecksumLeavesAsItIs() throws {
        try NetworkNamespace().run {
            let (from, to) = (Self.loopback(.v4, port: 40001), Self.loopback(.v4, port: 40002))
            let transport = try NetTransport(.quiet(on: try Route.lookup(to: to)))
            var template = SegmentTemplate()
            template.flags = .ack
            template.badChecksum = true
            let packet = template.packet(from: from, to: to)
            #expect(transport.send([OutgoingPacket(octets: packet, destination: to)]) == [nil])
            let found = try #require(Self.frame(from: transport) { $0.header.sourcePort == from.port })
            #expect(Array(found.octets.dropFirst(20)) == Array(packet.dropFirst(20)))
        }
    }

    @Test(arguments: [OutgoingPacket.Path.rawSocket, .packetSocket])
    func onlyThePacketSocketLeavesAWrongHeaderAlone(path: OutgoingPacket.Path) throws {
        let bed = try Testbed.veth()
        let tap = try PacketTap(bed.theirs)
        let packet = try bed.us.run {
            let to = SocketAddress(.v4(bed.theirs.ipv4), port: 4242)
            let route = try Route.lookup(to: to)
            var settings = TransportSettings.quiet(on: route)
            settings.frameRoutes = [route]
            let transport = try NetTransport(settings)
            var packet = Self.packet(from: route.local(port: 4243), to: to)
            packet[10] ^= 0xFF  // the header checksum
            #expect(transport.send([OutgoingPacket(octets: packet, destination: to, path: path)]) == [nil])
            return packet
        }
        let octets = try Self.packet(seenBy: tap) { Array($0.dropFirst(20).prefix(2)) == [0x10, 0x93] }
        #expect((octets == packet) == (path == .packetSocket))
        #expect(Array(octets.dropFirst(20)) == Array(packet.dropFirst(20)))
    }

    @Test func aFrameForAnUnknownNeighbourIsRefusedInWords() throws {
        let bed = try Testbed.veth()
        try bed.us.run {
            let to = SocketAddress(.v4(IPv4Address(bed.theirs.ipv4.rawValue ^ 0x40)), port: 4242)
            let route = try Route.lookup(to: to)
            var settings = TransportSettings.quiet(on: route)
            settings.frameRoutes = [route]
            let packet = Self.packet(from: route.local(port: 4243), to: to)
            let results = try NetTransport(settings).send([
                OutgoingPacket(octets: packet, destination: to, path: .packetSocket)
            ])
            let failure = try #require(results[0])
            #expect(failure.errno == EHOSTUNREACH)
            #expect(failure.reason.contains("the hardware address of \(to.address) on \(bed.ours.name) is not known"))
        }
    }

    @Test func whatTheKernelRefusesIsReportedForThatPacketAlone() throws {
        try NetworkNamespace().run {
            let (from, to) = (Self.loopback(.v4, port: 40001), Self.loopback(.v4, port: 40002))
            let nowhere = SocketAddress(IPAddress("198.51.100.1")!, port: 40002)
            let transport = try NetTransport(.quiet(on: try Route.lookup(to: to)))
            let packets = [to, nowhere, to].map {
                OutgoingPacket(octets: Self.packet(from: from, to: $0), destination: $0)
            }
            let results = transport.send(packets)
            #expect(results.map { $0?.errno } == [nil, ENETUNREACH, nil])
            #expect(results[1]?.reason == "Network is unreachable")
        }
    }

    @Test(arguments: bothFamilies)
    func aNeighbourThatNeverAnswersIsReportedLate(family: IPAddress.Family) throws {
        let bed = try Testbed.veth()
        let version = family == .v4 ? "ipv4" : "ipv6"
        try bed.us.sysctl("net.\(version).neigh.\(bed.ours.name).retrans_time_ms", "20")
        try bed.us.sysctl("net.\(version).neigh.\(bed.ours.name).mcast_solicit", "1")
        try bed.us.run {
            let absent: IPAddress =
                switch family {
                case .v4: .v4(IPv4Address(bed.theirs.ipv4.rawValue ^ 0x40))
                case .v6: .v6(IPv6Address(bed.theirs.ipv6.rawValue ^ 0x40))
                }
            let to = SocketAddress(absent, port: 4242)
            let route = try Route.lookup(to: to)
            let portGuard = try PortGuard(local: route.local(port: 0))
            let local = portGuard.local
            let transport = try NetTransport(.quiet(on: route, localPorts: [local.port]))
            transport.hold(portGuard)
            let packet = Self.packet(from: local, to: to)
            #expect(transport.send([OutgoingPacket(octets: packet, destination: to)]) == [nil])
            let incident = Self.incident(from: transport) { if case .delayedSendFailure = $0 { true } else { false } }
            guard case .delayedSendFailure(let failure) = incident else {
                Issue.record("no late failure was reported")
                return
            }
            #expect(failure.errno == EHOSTUNREACH)
        }
    }

    @Test(arguments: bothFamilies)
    func anAnswerOnAnotherInterfaceIsWitnessed(family: IPAddress.Family) throws {
        let bed = try Testbed.twoPaths()
        let server = try TestServer(.echo, on: SocketAddress(bed.theirs.address(family), port: 0), in: bed.peer)
        try bed.us.run {
            let route = try Route.lookup(to: server.address)
            let portGuard = try PortGuard(local: route.local(port: 0))
            let local = portGuard.local
            let transport = try NetTransport(.quiet(on: route, localPorts: [local.port]))
            transport.hold(portGuard)
            var template = SegmentTemplate()
            template.flags = .syn
            template.seq = SequenceNumber(77)
            let syn = OutgoingPacket(
                octets: template.packet(from: local, to: server.address), destination: server.address)
            #expect(transport.send([syn]) == [nil])
            let incident = Self.incident(from: transport) { if case .answerElsewhere = $0 { true } else { false } }
            guard case .answerElsewhere(let packet, let interface) = incident else {
                Issue.record("no answer was witnessed")
                return
            }
            #expect(interface != route.interface.name)
            #expect(bed.ourInterfaces.map(\.name).contains(interface))
            let dissection = Dissection(packet: packet.span)
            #expect(dissection.ip?.source == server.address.address)
            #expect(dissection.ip?.destination == local.address)
            guard case .tcp(let segment, let checksum) = dissection.transport else {
                Issue.record("what was witnessed is no TCP segment")
                return
            }
            #expect(segment.flags.contains([.syn, .ack]))
            #expect(segment.ack == SequenceNumber(78))
            #expect(checksum == .good || checksum == .notFilledIn)
            template.flags = .rst
            template.seq = SequenceNumber(78)
            let rst = OutgoingPacket(
                octets: template.packet(from: local, to: server.address), destination: server.address)
            #expect(transport.send([rst]) == [nil])
        }
    }

    @Test func anInterfaceThatGoesDownEndsTheCaptureAloud() throws {
        let bed = try Testbed.veth()
        try bed.us.run {
            let route = try Route.lookup(to: SocketAddress(.v4(bed.theirs.ipv4), port: 80))
            let transport = try NetTransport(.quiet(on: route))
            try bed.us.ip("link set \(bed.ours.name) down")
            let incident = Self.incident(from: transport) { if case .captureFailed = $0 { true } else { false } }
            #expect(incident == .captureFailed("interface \(bed.ours.name) went down"))
            let refusal = #expect(throws: SystemError.self) { _ = try NetTransport(.quiet(on: route)) }
            #expect(refusal?.description.contains("the interface is down") == true)
        }
    }
}
