import Glibc
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

struct TestServerTests {
    private let anyPort = SocketAddress(.v4(.loopback), port: 0)

    @Test(arguments: [SocketAddress(.v4(.loopback), port: 0), SocketAddress(.v6(.loopback), port: 0)])
    func echoClosesAfterThePeer(address: SocketAddress) throws {
        let server = try TestServer(.echo, on: address)
        let client = try TestClient(to: server.address)
        let text = [UInt8](repeating: 7, count: 100_000)
        try client.send(text)
        #expect(try client.receive(text.count) == text)
        client.endSending()
        #expect(try client.receiveAll() == ([], .eof))
        let seen = try server.waitUntil { $0.first?.closed == true }[0]
        #expect(seen.received == text)
        #expect(seen.sawEOF)
        #expect(!seen.sawReset)
        #expect(seen.remote.port == client.local.port)
    }

    @Test func closesLateOnlyWhenTold() throws {
        let server = try TestServer(.closesLate, on: anyPort)
        let client = try TestClient(to: server.address)
        client.endSending()
        #expect(try server.waitUntil { $0.first?.sawEOF == true }[0].closed == false)
        try waitForState(.finWait2, of: client.local)
        server.closeNow()
        #expect(try client.receiveAll().ending == .eof)
    }

    @Test func closesAtOnceAndReadsOn() throws {
        let server = try TestServer(.closesAtOnce, on: anyPort)
        let client = try TestClient(to: server.address)
        #expect(try client.receiveAll() == ([], .eof))
        try client.send([1, 2, 3])
        client.endSending()
        #expect(try server.waitUntil { $0.first?.sawEOF == true }[0].received == [1, 2, 3])
    }

    @Test func hangingUpDrawsResetForLaterData() throws {
        var behavior = TestServer.Behavior.closesAtOnce
        behavior.hangsUp = true
        let server = try TestServer(behavior, on: anyPort)
        let client = try TestClient(to: server.address)
        #expect(try client.receiveAll() == ([], .eof))
        try client.send([1])
        #expect(throws: TestKitError.self) {
            try waitUntil("the reset has come") {
                try client.send([2])
                return false
            }
        }
    }

    @Test func closesFirstAfterItsResponse() throws {
        let server = try TestServer(.closesFirst(after: [9, 9]), on: anyPort)
        let client = try TestClient(to: server.address)
        try client.send([1])
        #expect(try client.receiveAll() == ([9, 9], .eof))
    }

    @Test func neverClosesUntilStopped() throws {
        let server = try TestServer(.neverCloses, on: anyPort)
        let client = try TestClient(to: server.address)
        client.endSending()
        #expect(try server.waitUntil { $0.first?.sawEOF == true }[0].closed == false)
        server.closeNow()
        try waitForState(.finWait2, of: client.local)
        server.stop()
        #expect(try client.receiveAll().ending == .eof)
    }

    @Test func resetsOnClose() throws {
        let server = try TestServer(.resetsOnClose, on: anyPort)
        let client = try TestClient(to: server.address)
        client.endSending()
        #expect(try client.receiveAll() == ([], .error(ECONNRESET)))
    }

    @Test func resetsAtOnce() throws {
        let server = try TestServer(.resetsAtOnce, on: anyPort)
        let client = try TestClient(to: server.address)
        #expect(try client.receiveAll() == ([], .error(ECONNRESET)))
    }

    @Test func speaksInTheHalfClosedInterval() throws {
        let server = try TestServer(.speaksAfterEOF([4, 5, 6]), on: anyPort)
        let client = try TestClient(to: server.address)
        client.endSending()
        #expect(try client.receiveAll() == ([4, 5, 6], .eof))
    }

    @Test func bannerComesFirst() throws {
        let server = try TestServer(.banner([8]), on: anyPort)
        let client = try TestClient(to: server.address)
        #expect(try client.receive(1) == [8])
    }

    @Test func deferredAcceptWaitsForData() throws {
        let server = try TestServer(.defersAccept, on: anyPort)
        let client = try TestClient(to: server.address)
        try waitForState(.synReceived, of: server.address)
        #expect(server.accepted == 0)
        try client.send([1])
        #expect(try client.receive(1) == [1])
        #expect(server.accepted == 1)
    }

    @Test func neverAcceptedConnectionsStayInTheBacklog() throws {
        let server = try TestServer(.neverAccepts, on: anyPort)
        let client = try TestClient(to: server.address)
        try client.send([1])
        try waitForState(.established, of: server.address)
        #expect(server.accepted == 0)
    }

    @Test(.enabled(if: TestEnvironment.canUseNamespaces, "NOT TESTED: no network namespaces here"))
    func windowFillsUpWhenNobodyReads() throws {
        let testbed = try Testbed.veth()
        let tap = try PacketTap(testbed.ours)
        let server = try TestServer(.neverReads, in: testbed)
        let client = try TestClient(to: server.address, in: testbed.us)
        _ = try client.sendWhatFits([UInt8](repeating: 0, count: 1 << 16))
        try tap.waitUntil("a zero window") { $0.contains { !$0.outgoing && $0.tcp?.window == 0 } }
    }

    @Test func theClientsResetIsRecorded() throws {
        let server = try TestServer(.echo, on: anyPort)
        do {
            let client = try TestClient(to: server.address)
            try client.resetOnClose()
            try server.waitUntil { $0.count == 1 }
        }
        #expect(try server.waitUntil { $0.first?.sawReset == true }[0].sawEOF == false)
    }

    /// Waits, because the kernel's table is not read at one instant: in a busy namespace a row can be missed.
    private func waitForState(_ state: ConnectionState, of address: SocketAddress) throws {
        try waitUntil("\(address) is \(state.rawValue)") {
            try SocketTable.read().rows.contains { $0.local == address && $0.state == state }
        }
    }
}
