import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// A request with our FIN, through proxies that take it for what it is, pass it on, or take it for the client's leaving.
@Suite(.blocks, Needs.namespaces, Needs.program("haproxy"), Needs.program("nginx"))
struct HalfCloseTests {
    private let folder: TemporaryFolder
    private let behind = SocketAddress(.v4(.loopback), port: 8081)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func request(_ path: String) -> String {
        "GET \(path) HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n"
    }

    /// Octets of text that came from the target, each once, however a repetition cuts them.
    private func answered(_ scene: Scene) -> Int {
        guard let first = scene.theirs.first(where: { $0.flags.contains(.syn) })?.seq else { return 0 }
        return scene.theirs.filter { !$0.payload.isEmpty }.map { ($0.seq + $0.payload.count).distance(from: first + 1) }
            .max().map { max(0, $0) } ?? 0
    }

    private func awaitListener(_ scene: Scene) throws {
        try waitUntil("the server listens") {
            try SocketTable.read(in: scene.peer).rows(port: scene.target.port).contains { $0.state == .listen }
        }
    }

    private func awaitLog(_ words: String) throws {
        try waitUntil("nginx says '\(words)'") { try folder.read("nginx.log").contains(words) }
    }

    private func expectFinWithRequest(_ scene: Scene) throws {
        let asked = try #require(scene.ours.first { !$0.payload.isEmpty })
        #expect(asked.flags.contains(.fin))
    }

    @Test(arguments: Place.veth, ["/", "/slow"]) func aProxyThatReadsHTTPHonoursIt(place: Place, path: String) throws {
        let scene = try Scene(place, nil, port: 8080)
        let nginx = try RealServer.startNginx(at: behind, in: scene.peer, folder)
        let proxy = try RealServer.startHaproxy(at: scene.target, before: behind, mode: "http", in: scene.peer, folder)
        try awaitListener(scene)
        let run = try scene.run("close", "--half-close", "--send", request(path), "--wait", "10s")
        #expect(run.exitCode == 0, "\(run.stdout)\(run.stderr)")
        let octets = answered(scene)
        let said = "half-close-honoured: the peer answered with \(octets) octets, a whole answer, and then closed, "
        #expect(run.stdout.contains(said), "\(run.stdout)")
        try expectFinWithRequest(scene)
        let port = try #require(scene.ourSyns.first).source.port
        _ = try proxy.waitForLine { $0.hasPrefix("\(port) 200 -- ") }
        try awaitLog("GET \(path) 200 \(path == "/" ? 6 : 20_000)")
        try scene.expectGoodManners(run)
        withExtendedLifetime(nginx) {}
    }

    /// Passed on, our FIN may have nginx break off the answer that it is sending, in good order: it notices where the FIN
    /// does not reach it together with the request. What is said is what came.
    @Test(arguments: Place.veth) func aProxyThatPassesTheFinOnIsJudgedByWhatCame(place: Place) throws {
        let scene = try Scene(place, nil, port: 8080)
        let nginx = try RealServer.startNginx(at: behind, in: scene.peer, folder)
        let proxy = try RealServer.startHaproxy(at: scene.target, before: behind, mode: "tcp", in: scene.peer, folder)
        try awaitListener(scene)
        let run = try scene.run("close", "--half-close", "--send", request("/slow"), "--wait", "10s")
        try awaitLog("GET /slow 200")
        let line = try folder.read("nginx.log").split(separator: "\n").first { $0.contains("GET /slow 200") }
        let sent = try #require(line?.split(separator: " ").last.flatMap { Int($0) })
        let octets = answered(scene)
        // The header is what came beside the body that nginx says to have sent.
        let total = octets - sent + 20_000
        let said =
            sent == 20_000
            ? "half-close-honoured: the peer answered with \(octets) octets, a whole answer, and then closed, "
            : "half-close-truncated: the peer answered with \(octets) of \(total) octets and then closed, "
        #expect(run.stdout.contains(said), "\(run.stdout)")
        #expect(run.exitCode == (sent == 20_000 ? 0 : 1), "\(run.stdout)\(run.stderr)")
        let port = try #require(scene.ourSyns.first).source.port
        _ = try proxy.waitForLine { $0 == "\(port) -- \(octets)" }
        try expectFinWithRequest(scene)
        try scene.expectGoodManners(run)
        withExtendedLifetime(nginx) {}
    }

    /// A server that breaks off in the middle of its answer: haproxy can only close in order behind what it got.
    @Test(arguments: Place.veth) func anAnswerCutShortBehindTheProxyIsNoWholeOne(place: Place) throws {
        let scene = try Scene(place, nil, port: 8080)
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + String(repeating: "x", count: 500)
        let server = try TestServer(.closesFirst(after: Array(answer.utf8)), on: behind, in: scene.peer)
        let proxy = try RealServer.startHaproxy(
            at: scene.target, before: server.address, mode: "http", in: scene.peer, folder)
        try awaitListener(scene)
        let run = try scene.run("close", "--half-close", "--send", request("/"))
        #expect(run.exitCode == 1, "\(run.stdout)\(run.stderr)")
        let octets = answered(scene)
        let part = "\(octets) of \(octets + 19_500) octets"
        #expect(
            run.stdout.contains("half-close-truncated: the peer answered with \(part) and then closed, "),
            "\(run.stdout)")
        let port = try #require(scene.ourSyns.first).source.port
        _ = try proxy.waitForLine { $0.hasPrefix("\(port) 200 SD ") }
        try expectFinWithRequest(scene)
        try scene.expectGoodManners(run)
    }

    /// nginx before another server takes our FIN for our leaving: 499, and not an octet.
    @Test(arguments: Place.veth) func aProxyThatGivesTheClientUpAnswersNothing(place: Place) throws {
        let scene = try Scene(place, nil, port: 8080)
        let nginx = try RealServer.startNginx(at: scene.target, in: scene.peer, folder)
        let run = try scene.run("close", "--half-close", "--send", request("/proxied"))
        #expect(run.exitCode == 1, "\(run.stdout)\(run.stderr)")
        #expect(answered(scene) == 0)
        #expect(run.stdout.contains("half-close-truncated: the peer closed without an answer, "), "\(run.stdout)")
        try awaitLog("GET /proxied 499 0")
        try scene.expectGoodManners(run)
        withExtendedLifetime(nginx) {}
    }

    /// haproxy told not to linger: what stands behind it breaks off, and it resets the client.
    @Test(arguments: Place.veth) func aProxyThatResets(place: Place) throws {
        let scene = try Scene(place, nil, port: 8080)
        let server = try TestServer(.resetsOnClose, on: behind, in: scene.peer)
        let proxy = try RealServer.startHaproxy(
            at: scene.target, before: server.address, mode: "tcp", options: ["option nolinger"], in: scene.peer, folder)
        try awaitListener(scene)
        let run = try scene.run("close", "--half-close", "--send", request("/"))
        #expect(run.exitCode == 1, "\(run.stdout)\(run.stderr)")
        #expect(
            run.stdout.contains("half-close-reset: the peer reset the connection instead of answering, "),
            "\(run.stdout)")
        #expect(scene.theirs.contains { $0.flags.contains(.rst) })
        try expectFinWithRequest(scene)
        let port = try #require(scene.ourSyns.first).source.port
        _ = try proxy.waitForLine { $0 == "\(port) SD 0" }
        try scene.expectGoodManners(run)
    }
}
