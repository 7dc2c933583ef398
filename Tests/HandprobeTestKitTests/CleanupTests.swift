import Glibc
import HandprobeWire
import Testing

@testable import HandprobeTestKit

@Suite(.enabled(if: TestEnvironment.canUseNamespaces, "NOT TESTED: no network namespaces here (needs CAP_SYS_ADMIN)"))
struct CleanupTests {
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

    @Test func aKilledTestRunLeavesNothing() async throws {
        let run = try await #require(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
            let testbed = try Testbed.impaired()
            let server = try TestServer(.neverCloses, in: testbed)
            let client = try TestClient(to: server.address, in: testbed.us)
            let sleep = try Subprocess("sleep", ["1000"], in: testbed.peer)
            #expect(try readFile("/proc/\(sleep.pid)/comm") == "sleep\n")
            // By another program, because our own standard output may be buffered.
            try Subprocess.check("sh", ["-c", "echo victim holds \(sleep.pid) > /proc/\(TestEnvironment.pid)/fd/1"])
            withExtendedLifetime((server, client)) { _ = raise(SIGKILL) }
        }
        let words = String(decoding: run.standardOutputContent, as: UTF8.self).split { $0.isWhitespace }
        let place = try #require(words.firstIndex(of: "holds"))
        let child = try #require(Int32(words[place + 1]))
        try waitUntil("the victim's program is gone") { (try? readFile("/proc/\(child)/comm")) != "sleep\n" }
        #expect(try Subprocess.run("ip", ["link", "show", "dev", "link0"]).exitCode != 0)
    }

    private func isOurThread(_ thread: Int32) throws -> Bool {
        try Subprocess.run("test", ["-d", "/proc/\(TestEnvironment.pid)/task/\(thread)"]).exitCode == 0
    }
}
