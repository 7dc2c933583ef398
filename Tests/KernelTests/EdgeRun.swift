import HandprobeTestKit
import HandprobeWire
import Testing

/// A run of the program, and what the witness at our interface saw of it.
struct EdgeRun {
    let result: Subprocess.Result
    let report: EdgeReport
    /// The frames of its connection, both ways.
    let frames: [ObservedFrame]

    /// A run with the witness's frames since it began; other traffic than TCP with the target's port is left out.
    init(_ result: Subprocess.Result, _ frames: some Sequence<ObservedFrame>, port: UInt16) {
        self.result = result
        report = EdgeReport(result.stdout)
        self.frames = frames.filter { $0.tcp.map { $0.source.port == port || $0.destination.port == port } ?? false }
    }

    var exitCode: Int32? { result.exitCode }

    /// What left our host, whoever made it.
    var sent: [ObservedSegment] { frames.filter(\.outgoing).compactMap(\.tcp) }
    /// What came in.
    var received: [ObservedSegment] { frames.filter { !$0.outgoing }.compactMap(\.tcp) }
    /// The flags of what left our host, as words: `S . F. .`.
    var sentFlags: String { sent.map(\.flags.notation).joined(separator: " ") }

    /// A run's report for a failure.
    var text: String { "\(report.text)\(result.stderr)" }

    /// What every run owes: it lists exactly the segments that left this host while it ran, so no kernel's RST is among
    /// them, all of them with good checksums; and exactly those that came.
    ///
    /// What comes when the program has just ended is answered by the kernel, which knows nothing of it, with RST.
    func expectAgreement(sourceLocation: SourceLocation = #_sourceLocation) {
        let (ours, theirs) = (sent.map { Self.line($0, true) }, received.map { Self.line($0, false) })
        let (unsaid, unheard) = (ours.dropFirst(report.ours.count), theirs.dropFirst(report.theirs.count))
        #expect(ours.starts(with: report.ours), "\(text)", sourceLocation: sourceLocation)
        #expect(theirs.starts(with: report.theirs), "\(text)", sourceLocation: sourceLocation)
        #expect(unsaid.count <= unheard.count, "\(text)", sourceLocation: sourceLocation)
        #expect(unsaid.allSatisfy { $0.flags.hasPrefix("R") }, "\(text)", sourceLocation: sourceLocation)
        #expect(sent.allSatisfy { $0.checksumIsGood }, sourceLocation: sourceLocation)
        #expect(result.stderr.isEmpty, "\(text)", sourceLocation: sourceLocation)
    }

    private static func line(_ segment: ObservedSegment, _ isOurs: Bool) -> EdgeReport.Line {
        EdgeReport.Line(isOurs: isOurs, flags: segment.flags.notation[...], length: segment.payload.count)
    }
}
