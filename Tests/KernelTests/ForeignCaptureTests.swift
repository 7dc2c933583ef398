import Glibc
import HandprobeTestKit
import HandprobeWire
import Testing

/// Connections of one kernel to another that tcpdump captured: `handprobe read` sees in the file what tshark sees in it,
/// and says of the connection what follows from that.
@Suite(
    .blocks, Needs.namespaces, Needs.program("tcpdump"), Needs.program("tshark"), Needs.program("jq"),
    Needs.program("nc"))
struct ForeignCaptureTests {
    private static let port: UInt16 = 8080

    /// Reads the capture of a connection that is over; returns what was read, and the course that tshark shows.
    private func read(_ observer: OutsideObserver, _ scene: Scene) throws -> (run: ProbeRecord, course: WitnessedCourse)
    {
        try waitUntil("both ends have closed") {
            let course = WitnessedCourse(segments: scene.tap.frames.compactMap { SegmentFacts($0, port: Self.port) })
            return ["our_fin", "their_fin"].allSatisfy { course.ledger[$0]?.confirmedBy != nil }
        }
        let seen = try observer.segments(port: Self.port, atLeast: scene.ours.count + scene.theirs.count)
        let run = try ProbeRecord(Program.run(["read", "--json", observer.file], in: nil))
        run.expectAgreement(with: seen)
        run.expectCourse(of: seen)
        #expect(run.exitCode == 0, "\(run.text)")
        #expect(run.result.stderr.isEmpty, "\(run.text)")
        return (run, WitnessedCourse(segments: seen))
    }

    /// The client asks and goes on holding its direction open, so the server closes first.
    @Test(Needs.program("nginx"), arguments: bothFamilies)
    func nginxClosesFirst(family: IPAddress.Family) throws {
        let scene = try Scene(try Testbed.veth(offloads: false), family, nil, port: Self.port)
        let observer = try OutsideObserver("veth0", in: scene.us)
        let folder = try TemporaryFolder()
        let nginx = try RealServer.nginx.start(scene, folder)
        defer { for program in nginx { program.signal(SIGTERM) } }
        let client = try Subprocess(
            "nc", [scene.target.address.description, "\(Self.port)"], stdin: "GET / HTTP/1.0\r\n\r\n",
            keepsInputOpen: true, in: scene.us)
        try waitUntil("nginx closes") { scene.theirs.contains { $0.flags.contains(.fin) } }
        client.closeInput()
        #expect(try client.wait().stdout.hasSuffix("hello\n"))

        let (run, course) = try read(observer, scene)
        #expect(course.peerClosedActively)
        #expect(run.codes.contains("peer-closed-first"), "\(run.text)")
        #expect(run.headline.contains("the peer closed first; closed in "), "\(run.text)")
    }

    /// The client closes its direction with its request, and the server answers into the half-closed connection.
    @Test(arguments: bothFamilies) func netcatHalfCloses(family: IPAddress.Family) throws {
        let scene = try Scene(
            try Testbed.veth(offloads: false), family, .speaksAfterEOF(Array("what comes after your FIN\n".utf8)),
            port: Self.port)
        let observer = try OutsideObserver("veth0", in: scene.us)
        let client = try Subprocess(
            "nc", ["-N", scene.target.address.description, "\(Self.port)"], stdin: "a question\n", in: scene.us)
        #expect(try client.wait().stdout == "what comes after your FIN\n")

        let (run, course) = try read(observer, scene)
        #expect(!course.peerClosedActively)
        #expect(!run.codes.contains("peer-closed-first"), "\(run.text)")
        #expect(run.headline.hasSuffix("in which the peer sent 26 octets"), "\(run.text)")
    }
}
