public import HandprobeWire

/// What a whole capture file came to.
public struct FileSummary: Hashable, Sendable {
    /// What it is called.
    public var name: String
    /// The format, as people call it.
    public var format: String
    /// What was counted.
    public var figures: FileFigures
    /// What is wrong with the file, and where; nil when it ends as it should.
    public var problem: String?

    /// A summary from its parts.
    public init(name: String, format: String, figures: FileFigures, problem: String?) {
        self.name = name
        self.format = format
        self.figures = figures
        self.problem = problem
    }

    /// True when something is missing in the file, so that any connection may be other than it looks.
    public var isDegraded: Bool { problem != nil || figures.isDegraded }

    /// What is worth knowing before the rest is believed, a sentence each.
    public var remarks: [String] {
        figures.remarks + [problem.map { "\($0): judged as far as it goes" }].compactMap(\.self)
    }

    /// One line: connections, frames, other frames.
    public func lines(style: TextStyle) -> [String] {
        let frames = FileFigures.count(figures.frames, "frame")
        let others = figures.otherFrames == 0 ? "" : "; \(FileFigures.count(figures.otherFrames, "other frame"))"
        let connections = FileFigures.count(figures.connections, "connection")
        return WordWrap.lines(style.safe("\(connections) in \(frames) of \(name)\(others)"), columns: style.columns)
    }
}

extension RunIdentity {
    /// The object that sums a capture file up, on one line.
    public func line(for summary: FileSummary, at time: Timestamp) -> String {
        let file: JSONValue = [
            "name": .string(summary.name),
            "format": .string(summary.format),
            "connections": .number(summary.figures.connections),
            "frames": .number(summary.figures.frames),
            "other_frames": .number(summary.figures.otherFrames),
            "remarks": .array(summary.remarks.map(JSONValue.string)),
            "is_degraded": .boolean(summary.isDegraded),
        ]
        return (head("file", at: time) + file).text
    }
}
