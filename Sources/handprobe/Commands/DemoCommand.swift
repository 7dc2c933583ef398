import ArgumentParser
import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeWire

/// `handprobe demo`: opens and closes against a loopback server inside the same process.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Open and close a connection against a server inside this process, and watch each step.",
        discussion: "Nothing leaves this machine: both ends are on loopback."
    )

    @Flag(name: .customShort("6"), help: "Use IPv6 (::1).")
    var ipv6 = false

    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "Report") var teaching: TeachingOptions
    @OptionGroup(title: "Report") var record: RecordOptions

    func validate() throws {
        try teaching.check(with: report)
    }

    func run() throws {
        try Privileges.requireRawSockets()
        let host: IPAddress = ipv6 ? .v6(.loopback) : .v4(.loopback)
        let server = try DemoServer(on: host, answer: Array("one more thing\n".utf8), pause: .milliseconds(100))
        let target = Target(host: host.description, port: server.address.port)
        let format = ReportFormat(report, teaching, command: "demo", target: target)
        format.explain([
            "A connection is two equal ends. To open it, each asks (SYN) and each is confirmed (ACK): three segments,",
            "because the peer's confirmation and its own request share one. To close it, each asks again (FIN) and each",
            "is confirmed: four segments, because the peer may still have something to say after it has confirmed ours.",
            "",
        ])
        var course = Course(farewell: .fin, expectation: .close)
        course.asksForProof = false
        course.request = Array("hello\n".utf8)
        let probe = Probe(
            command: "demo",
            syn: try SynOptions.parse([]),
            offer: try OfferOptions.parse([]),
            signature: try SignatureOptions.parse([]),
            path: try PathOptions.parse([]),
            patience: try PatienceOptions.parse([]),
            format: format,
            course: course,
            isStepped: false,
            record: record
        )
        throw try probe.run(target, everyAddress: false)
    }
}
