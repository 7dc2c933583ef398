public import HandprobeJudge
import HandprobeTCP
public import HandprobeWire

/// The course of a conversation as one line an event, for narrow terminals, files and pipes.
public struct CompactList: Sendable {
    private let style: TextStyle
    private var start: Timestamp?
    private var numbers = InitialNumbers()
    private var teacher = Teacher()

    /// A list in the given style; its times count from the first event, or from `start` when there is one.
    public init(style: TextStyle, start: Timestamp? = nil) {
        self.style = style
        self.start = start
    }

    /// The lines of one event, the next in its transcript: one, and more only where the terminal is too narrow.
    public mutating func lines(for event: Event, reading: Reading, index: Int) -> [String] {
        guard style.verbosity != .quiet else { return [] }
        let start = start ?? event.time
        self.start = start
        var line = InkedLine()
        let time = DurationText.moment(event.time.since(start), columns: LadderLayout.time)
        line.append(" ", count: LadderLayout.time - time.count)
        line.append(time, .dim)
        line.append("  ")
        line.append(who(event.kind), ink(event.kind))
        line.pad(to: LadderLayout.time + 2 + 8)
        let indent = style.columns < 60 ? 4 : line.width
        let room = style.columns == .max ? .max : style.columns - indent
        let remarks = SideRemark.all(for: event, reading, index: index, style: style)
        return flowed(subject(event.kind, reading, columns: room), remarks, after: line, indent: indent)
            + lesson(event, reading)
    }

    /// What there is to learn from an event, below it.
    private mutating func lesson(_ event: Event, _ reading: Reading) -> [String] {
        guard style.explains else { return [] }
        let indent = "    "
        let columns = min(style.columns, max(IdeaText.usualColumns, style.width)) - indent.count
        return teacher.paragraphs(for: event, reading: reading).map(style.safe)
            .flatMap { WordWrap.lines($0, columns: columns) }.map { indent + $0 }
    }

    /// The event itself, in lines of at most `columns` columns.
    private mutating func subject(
        _ kind: Event.Kind,
        _ reading: Reading,
        columns: Int
    ) -> [(text: String, ink: Ink)] {
        guard case .segment(let observed) = kind else {
            let clause = style.safe(EventText.clause(kind) ?? "")
            return WordWrap.lines(clause, columns: columns).map { ($0, EventText.ink(kind)) }
        }
        let isVerbose = style.verbosity == .verbose
        let lines = SegmentText(observed.segment, relativeTo: numbers.base(for: observed, reading))
            .lines(columns: columns, full: isVerbose, ellipsis: style.glyphs.ellipsis)
            .map { ($0, ink(kind)) }
        guard isVerbose else { return lines }
        let excerpt = SegmentDetail.excerpt(observed.segment, style: style).map { [$0] } ?? []
        let details = SegmentDetail.clauses(observed).map(style.safe) + excerpt
        return lines
            + WordWrap.packed(details, separator: " \(style.glyphs.dot) ", columns: columns).map { ($0, .dim) }
    }

    /// `subject` and `remarks` behind `head`, three columns apart, going on below its end when the line is full.
    private func flowed(
        _ subject: [(text: String, ink: Ink)],
        _ remarks: [SideRemark],
        after head: InkedLine,
        indent: Int
    ) -> [String] {
        var lines: [InkedLine] = []
        var line = head
        let room = style.columns == .max ? .max : style.columns - indent
        let texts =
            subject.map { [$0] }
            + remarks.map { remark in remark.lines(columns: room).map { (text: $0, ink: remark.ink) } }
        for (index, parts) in texts.enumerated() {
            for (part, piece) in parts.enumerated() {
                let gap = index == 0 ? 0 : 3
                let end = line.width + gap + TerminalText.width(piece.text)
                if part == 0, end <= style.columns {
                    line.append(" ", count: gap)
                } else {
                    lines.append(line)
                    line = InkedLine()
                    line.pad(to: indent)
                }
                line.append(piece.text, piece.ink)
            }
        }
        return (lines + [line]).map { $0.text(in: style) }
    }

    private func who(_ kind: Event.Kind) -> String {
        let arrow = style.glyphs.arrow
        guard let origin = origin(kind) else { return style.glyphs.dot }
        switch origin {
        case .us: return "us \(arrow)"
        case .peer: return "peer \(arrow)"
        case .router: return "router"
        case .kernel: return "kernel"
        }
    }

    private func ink(_ kind: Event.Kind) -> Ink {
        switch origin(kind) {
        case .us: .us
        case .peer: .peer
        case .kernel: .bad
        case .router, nil: .plain
        }
    }

    private func origin(_ kind: Event.Kind) -> Origin? {
        switch kind {
        case .segment(let observed): observed.origin
        case .icmpError(let observed): observed.origin
        default: nil
        }
    }
}
