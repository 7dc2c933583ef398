import HandprobeNet
import HandprobeTestKit
import HandprobeWire
import Testing

struct SystemDefaultsTests {
    // The figures are Linux's own, as captured from kernels with these settings (tcp_rmem, MTU).
    @Test(
        arguments: [(6_291_456, 7), (33_554_432, 10), (4_194_304, 7), (65535, 0), (0, 0), (Int.max, 14)]
            as [(Int, UInt8)])
    func windowScaleFollowsTheLargestBuffer(buffer: Int, scale: UInt8) {
        var defaults = SystemDefaults()
        defaults.largestReceiveBuffer = buffer
        #expect(defaults.windowScale == scale)
    }

    @Test(
        arguments: [(1460, 64240), (1440, 64800), (65495, 65495), (65476, 65476), (1, 65535), (0, 65535)]
            as [(UInt16, UInt16)])
    func theWindowIsWholeSegments(mss: UInt16, window: UInt16) {
        #expect(SystemDefaults().window(mss: mss) == window)
    }

    @Test(Needs.namespaces, arguments: bothFamilies)
    func theDefaultsAreWhatThisKernelSends(family: IPAddress.Family) throws {
        let bed = try Testbed.veth()
        try bed.us.ip("link set \(bed.ours.name) mtu 1400")
        let tap = try PacketTap(bed.theirs)
        let server = try TestServer(.closesAtOnce, on: SocketAddress(bed.theirs.address(family), port: 0), in: bed.peer)
        _ = try TestClient(to: server.address, in: bed.us)
        let (defaults, route) = try bed.us.run { (SystemDefaults.current, try Route.lookup(to: server.address)) }
        try waitUntil("the SYN is seen") { tap.received.contains { $0.flags.contains(.syn) } }
        let syn = try #require(tap.received.first { $0.flags.contains(.syn) })
        let theirs = TCPOptions(octets: syn.options)
        let ours = try #require(
            TCPOptions(
                defaults.synOptions(mss: route.maximumSegmentSize, timestamp: theirs.timestamps?.value ?? 0)))
        #expect(ours.octets == syn.options)
        #expect(defaults.window(mss: route.maximumSegmentSize) == syn.window)
        #expect(defaults.hopLimit(along: route) == syn.hopLimit)
        #expect(defaults.asksForECN == syn.flags.contains([.ece, .cwr]))
    }
}
