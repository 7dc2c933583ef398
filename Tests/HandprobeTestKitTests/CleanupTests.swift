@testable import HandprobeTestKit
import HandprobeWire
import Testing

@Suite(.enabled(if: TestEnvironment.canUseNamespaces, "NOT TESTED: no network namespaces here (needs CAP_SYS_ADMIN)"))
struct CleanupTests {
    private static let isVictim = TestEnvironment.variables["HANDPROBE_TEST_VICTIM"] != nil

    @Test func nothingOfTheKitOutlivesItsOwners() throws {
        weak var us: NetworkNamespace?
        weak var link: ImpairedLink?
        weak var server: TestServer?
        weak var edge: EdgePeer?
        var threads: [Int32] = []
        do {
            let testbed = try Testbed.impaired()
            let held = (try TestServer(.echo, in: testbed), try EdgePeer(.ordinary))
            _ = try TestClient(to: held.0.address, in: testbed.us)
            (us, link, server, edge) = (testbed.us, testbed.link, held.0, held.1)
            threads = [testbed.link?.worker, held.0.worker, held.1.worker].compactMap { $0?.kernelThread }
            #expect(threads.count == 3)
            #expect(try threads.allSatisfy(isOurThread))
        }
        #expect(us == nil)
        #expect(link == nil)
        #expect(server == nil)
        #expect(edge == nil)
        #expect(try !threads.contains(where: isOurThread))
    }

    @Test func aKilledTestRunLeavesNothing() throws {
        var arguments = try readFile("/proc/self/cmdline").split(separator: "\0").map(String.init)
        let program = arguments.removeFirst()
        while let index = arguments.firstIndex(where: { ["--filter", "--skip"].contains($0) }) {
            arguments.removeSubrange(index...index + 1)
        }
        let victim = try Subprocess(
            program,
            arguments + ["--filter", "CleanupTests/victim"],
            environment: ["HANDPROBE_TEST_VICTIM": "1"]
        )
        let line = try victim.waitForLine { $0.hasPrefix("victim holds ") }
        let child = try #require(line.split(separator: " ").last.flatMap { Int32($0) })
        #expect(try readFile("/proc/\(child)/comm") == "sleep\n")
        victim.signal(9)
        #expect(try victim.wait().status == .signaled(9))
        try waitUntil("the victim's program is gone") { (try? readFile("/proc/\(child)/comm")) != "sleep\n" }
        #expect(try Subprocess.run("ip", ["link", "show", "dev", "link0"]).exitCode != 0)
    }

    /// Not a test of its own: what `aKilledTestRunLeavesNothing` starts and kills.
    @Test(.enabled(if: isVictim)) func victim() throws {
        let testbed = try Testbed.impaired()
        let server = try TestServer(.neverCloses, in: testbed)
        let client = try TestClient(to: server.address, in: testbed.us)
        let sleep = try Subprocess("sleep", ["1000"], in: testbed.peer)
        // By another program, because our own standard output may be buffered.
        try Subprocess.check("sh", ["-c", "echo victim holds \(sleep.pid) > /proc/\(TestEnvironment.pid)/fd/1"])
        #expect(throws: TestKitError.self) { try client.receiveAll() }
    }

    private func isOurThread(_ thread: Int32) throws -> Bool {
        try Subprocess.run("test", ["-d", "/proc/\(TestEnvironment.pid)/task/\(thread)"]).exitCode == 0
    }
}
