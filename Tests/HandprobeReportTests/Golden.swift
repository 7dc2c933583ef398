import FoundationEssentials
import HandprobeJudge
import HandprobeReport
import HandprobeWire
import Testing

/// The checked-in texts that reports are held to.
///
/// `HANDPROBE_RECORD=1 swift test --filter HandprobeReportTests` writes them anew; read the difference before committing it.
enum Golden {
    /// Compares `lines` with `Golden/<name>.txt` beside this file. Escape characters stand there as `␛`.
    static func expect(
        _ lines: [String],
        _ name: String,
        kind: String = "txt",
        location: SourceLocation = #_sourceLocation
    ) throws {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let path = "\(folder)/Golden/\(name).\(kind)"
        let text = lines.joined(separator: "\n").replacing("\u{1B}", with: "␛") + "\n"
        if ProcessInfo.processInfo.environment["HANDPROBE_RECORD"] == "1" {
            try Data(text.utf8).write(to: URL(filePath: path))
        }
        let expected = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        #expect(text == expected, "differs from Golden/\(name).\(kind)", sourceLocation: location)
    }
}

extension Story {
    /// The whole report, as a command prints it.
    func report(_ style: TextStyle, name: String? = nil) -> [String] {
        let header = RunHeader(
            local: us, remote: peer, interface: "veth0", guards: ["md5", "min-hop-limit"], name: name,
            addressCount: name == nil ? 1 : 4)
        var ladder = Ladder(peer: name ?? peer.address.description, style: style)
        var lines = header.lines(style: style) + ladder.header()
        for (index, (event, reading)) in zip(events, readings).enumerated() {
            lines += ladder.lines(for: event, reading: reading, index: index)
        }
        return lines + RunSummary.lines(verdict, start: events.first?.time ?? Self.start, style: style)
    }
}
