import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// Clients of the kernel across links of which chance, from a seed, makes something.
@Suite(.blocks, Needs.namespaces, Needs.program("curl"))
struct ListenLossTests {
    private static let impairments = [
        Impairment(delay: .milliseconds(2), loss: 0.01),
        Impairment(delay: .milliseconds(2), loss: 0.15),
        Impairment(delay: .milliseconds(2), jitter: .milliseconds(2), duplication: 0.2),
        Impairment(delay: .milliseconds(2), reordering: 0.3),
        Impairment(delay: .milliseconds(2), loss: 0.1, duplication: 0.1, reordering: 0.1),
    ]

    @Test func everyClientGetsItsPageAndEveryConnectionEnds() async throws {
        let count = TestEnvironment.isFull ? 100 : 10
        let lost = Monitor(0)
        try await withThrowingTaskGroup { group in
            for seed in 0..<count { group.addTask { try Self.serve(seed: seed, lost) } }
            try await group.waitForAll()
        }
        let packets = lost.withLock { $0 }
        print("listen across impaired links: \(count) clients served, \(packets) packets lost on the way")
    }

    private static func serve(seed: Int, _ lost: Monitor<Int>) throws {
        let impairment = impairments[seed % impairments.count]
        let testbed = try Testbed.impaired(seed: UInt64(seed), towardsPeer: impairment, towardsUs: impairment)
        let address = SocketAddress(testbed.ours.address(seed % 2 == 0 ? .v4 : .v6), port: 8080)
        let from = seed % 2 == 0 ? "10.77.0.0/24" : "fd77::/64"
        let page = "HTTP/1.0 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nhello\\n"
        let close = seed % 4 < 2 ? "first" : "second"
        let arguments = ["listen", "--from", from, "--close", close, "--send", page, address.description]
        let program = try Program.start(arguments, in: testbed.us)
        _ = try program.waitForLine(.stderr) { $0.contains("waiting for a client") }
        let curl = try Subprocess.run(
            "curl", ["-sS", "--max-time", "60", "http://\(address)/"], in: testbed.peer, limit: .seconds(70))
        #expect(curl.stdout == "hello\n", "seed \(seed): \(curl.stderr)")
        let run = try program.wait(limit: .seconds(60))
        // A client whose repeated FIN comes later than this is answered by our kernel, as it should be.
        #expect(try KernelCounters.read(in: testbed.us).outRsts == 0, "seed \(seed)")
        #expect(run.exitCode == 0, "seed \(seed): \(run.stdout)\(run.stderr)")
        #expect(run.lines.contains { $0.hasPrefix("orderly: opened by the peer in three segments") }, "\(run.stdout)")
        try waitUntil("the client has forgotten", limit: .seconds(60)) {
            try SocketTable.read(in: testbed.peer).connections(port: 8080).allSatisfy { $0.state == .timeWait }
        }
        let link = try #require(testbed.link)
        let dropped = link.statistics(.towardsPeer).dropped + link.statistics(.towardsUs).dropped
        lost.withLock { $0 += dropped }
    }
}
