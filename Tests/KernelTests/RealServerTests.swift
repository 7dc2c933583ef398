import Glibc
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// `handprobe open` and `handprobe close` against servers that people run: what the program says agrees with a witness on
/// the wire, with the peer's kernel and with the server itself.
@Suite(.blocks, Needs.namespaces, Needs.program("jq"))
struct RealServerTests {
    @Test(arguments: RealServer.all, bothFamilies)
    func opensAndCloses(server: RealServer, family: IPAddress.Family) throws {
        for program in server.programs where !TestEnvironment.has(program) {
            throw TestKitError.missing("\(program), which `make setup` installs,")
        }
        for command in ["open", "close"] {
            let scene = try Scene(try Testbed.veth(), family, nil, port: 8080)
            let folder = try TemporaryFolder()
            let programs = try server.start(scene, folder)
            defer { for program in programs { program.signal(SIGTERM) } }
            try waitUntil("\(server.testDescription) listens") {
                try SocketTable.read(in: scene.peer).rows(port: 8080).contains { $0.state == .listen }
            }
            let options = command == "close" ? server.request : []
            let run = try ProbeRecord(scene.start(command, ["--json"] + options).wait())
            #expect(run.exitCode == 0, "\(run.text)\(programs[0].text(.stderr))")
            let witness = scene.tap.frames.compactMap { SegmentFacts($0, port: 8080) }
            run.expectAgreement(with: witness)
            run.expectCourse(of: witness)
            #expect(run.result.stderr.isEmpty, "\(run.text)")
            if command == "close" { try expectConversation(server, scene, run) }
            try expectServersView(server, command, scene, folder, programs[0])
            try expectNothingElse(scene, WitnessedCourse(segments: witness))
        }
    }

    /// What was said on the wire is what both ends said.
    private func expectConversation(_ server: RealServer, _ scene: Scene, _ run: ProbeRecord) throws {
        let answer = String(decoding: scene.theirs.flatMap(\.payload), as: UTF8.self)
        #expect(answer.contains(server.answer) && answer.isEmpty == server.answer.isEmpty, "\(answer)\n\(run.text)")
        guard server.request == ["--http"] else { return }
        #expect(answer.hasPrefix("HTTP/1."), "\(answer)")
        let request = String(decoding: scene.ours.flatMap(\.payload), as: UTF8.self)
        let host = scene.target.address.family == .v4 ? "10.77.0.2" : "[fd77::2]"
        #expect(request.contains("Host: \(host):8080\r\n"), "\(request)")
    }

    /// The server says of the connection what it must.
    private func expectServersView(
        _ server: RealServer,
        _ command: String,
        _ scene: Scene,
        _ folder: TemporaryFolder,
        _ program: Subprocess
    ) throws {
        let port = try #require(scene.ourSyns.first?.source.port)
        for line in server.log(command, port) {
            var log = ""
            do {
                try waitUntil("the server has said what it saw") {
                    log = try server.logFile.map(folder.read) ?? program.text(.stdout) + program.text(.stderr)
                    return log.contains(line)
                }
            } catch { Issue.record("no “\(line)” in:\n\(log)") }
        }
    }

    /// Our kernel sent nothing, and the peer's has forgotten the connection, or waits (TIME-WAIT) where it closed first.
    private func expectNothingElse(_ scene: Scene, _ course: WitnessedCourse) throws {
        #expect(try KernelCounters.read(in: scene.us).outRsts == 0)
        #expect(course.resets(ours: true).isEmpty)
        #expect(scene.tap.drops == 0)
        try waitUntil("the peer has forgotten") { try scene.leftAtPeer().isEmpty }
        let waits = try SocketTable.read(in: scene.peer).connections(port: 8080).map(\.state)
        #expect(waits == (course.peerClosedActively ? [.timeWait] : []))
    }
}
