public import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// The course of a conversation drawn as it happens: two lifelines, and between them each segment over its arrow.
///
/// Where there is no room for that, the same events come out as a compact list.
public struct Ladder: Sendable {
    private let style: TextStyle
    private let layout: LadderLayout
    private let peerLabel: String
    private var list: CompactList
    private var start: Timestamp?
    private var numbers = InitialNumbers()
    private var teacher = Teacher()

    /// A ladder between us and `peer`, the other end's address or name.
    public init(peer: String, style: TextStyle) {
        self.style = style
        layout = LadderLayout(width: style.width)
        peerLabel = style.safe(peer)
        list = CompactList(style: style)
    }

    /// The names of the two ends over their lifelines.
    public func header() -> [String] {
        guard style.verbosity != .quiet, style.hasRoomForLadder else { return [] }
        var line = InkedLine()
        line.pad(to: layout.margin)
        line.append("us", .us)
        let room = layout.width - line.width - 2
        let peer = WordWrap.shortened(peerLabel, columns: min(room, 40), ellipsis: style.glyphs.ellipsis)
        let width = TerminalText.width(peer)
        line.pad(to: max(line.width + 2, min(layout.rightLifeline - width / 2, layout.width - width)))
        line.append(peer, .peer)
        return ["", line.text(in: style)]
    }

    /// The lines of one event, the next in its transcript; `index` is its place there.
    public mutating func lines(for event: Event, reading: Reading, index: Int) -> [String] {
        guard style.verbosity != .quiet else { return [] }
        guard style.hasRoomForLadder else { return list.lines(for: event, reading: reading, index: index) }
        let start = start ?? event.time
        self.start = start
        let rows: [InkedLine]
        if case .segment(let observed) = event.kind {
            rows = self.rows(observed, relativeTo: numbers.base(for: observed, reading))
        } else {
            rows = self.rows(event.kind)
        }
        return layout.lines(
            rows,
            time: DurationText.moment(event.time.since(start), columns: LadderLayout.time),
            remarks: SideRemark.all(for: event, reading, index: index, style: style),
            style: style
        ) + lesson(event, reading)
    }

    /// What there is to learn from an event, beside the lifeline that goes on.
    private mutating func lesson(_ event: Event, _ reading: Reading) -> [String] {
        guard style.explains else { return [] }
        let paragraphs = teacher.paragraphs(for: event, reading: reading).map(style.safe)
        guard !paragraphs.isEmpty else { return [] }
        let indent = layout.margin + 4
        let texts = paragraphs.flatMap { WordWrap.lines($0, columns: layout.width - indent) }
        return (texts + [""]).map { text in
            var line = InkedLine()
            line.pad(to: layout.margin)
            line.append(style.glyphs.lifeline, .dim)
            line.pad(to: indent)
            line.append(text)
            if text.isEmpty {
                line.pad(to: layout.rightLifeline)
                line.append(style.glyphs.lifeline, .dim)
            }
            return line.text(in: style)
        }
    }

    /// Segment text over its arrow.
    private func rows(_ observed: ObservedSegment, relativeTo base: SequenceBase) -> [InkedLine] {
        let isVerbose = style.verbosity == .verbose
        let ink = ink(observed.origin)
        var rows = SegmentText(observed.segment, relativeTo: base)
            .lines(columns: layout.text, full: isVerbose, ellipsis: style.glyphs.ellipsis)
            .map { side($0, ink, from: observed.origin) }
        if isVerbose {
            let clauses = SegmentDetail.clauses(observed).map(style.safe)
            var details = WordWrap.packed(clauses, separator: " \(style.glyphs.dot) ", columns: layout.text)
            if let excerpt = SegmentDetail.excerpt(observed.segment, style: style) {
                details += WordWrap.lines(excerpt, columns: layout.text)
            }
            rows += details.map { side($0, .dim, from: observed.origin) }
        }
        return rows + [arrow(from: observed.origin, ink)]
    }

    /// Text at the tail of its arrow: at the left when it is ours, at the right when it is theirs.
    private func side(_ text: String, _ ink: Ink, from origin: Origin) -> InkedLine {
        var content = InkedLine()
        content.append(" ", count: origin.isHere ? 1 : layout.inner - 1 - TerminalText.width(text))
        content.append(text, ink)
        return layout.between(content, from: style.glyphs.lifeline, to: style.glyphs.lifeline)
    }

    private func arrow(from origin: Origin, _ ink: Ink) -> InkedLine {
        let glyphs = style.glyphs
        var content = InkedLine()
        switch origin {
        case .us, .kernel:
            let line = origin == .us ? glyphs.line : glyphs.doubleLine
            content.append(String(repeating: line, count: layout.inner - 1) + String(glyphs.headRight), ink)
            let tail = origin == .us ? glyphs.leavesRight : glyphs.kernelLeavesRight
            return layout.between(content, from: tail, to: glyphs.lifeline)
        case .peer, .router:
            content.append(String(glyphs.headLeft) + String(repeating: glyphs.line, count: layout.inner - 1), ink)
            return layout.between(content, from: glyphs.lifeline, to: glyphs.leavesLeft)
        }
    }

    /// What happened beside the conversation: text amid dashes from lifeline to lifeline.
    private func rows(_ kind: Event.Kind) -> [InkedLine] {
        let glyphs = style.glyphs
        let ink = EventText.ink(kind)
        let isArriving = if case .icmpError = kind { true } else { false }
        return WordWrap.lines(style.safe(EventText.clause(kind) ?? ""), columns: layout.inner - 6).map { text in
            let room = layout.inner - TerminalText.width(text) - 2
            var content = InkedLine()
            if isArriving { content.append(glyphs.headLeft, ink) }
            content.append(glyphs.dashes, count: room / 2 - content.width, ink)
            content.append(" ")
            content.append(text, ink)
            content.append(" ")
            content.append(glyphs.dashes, count: layout.inner - content.width, ink)
            return layout.between(content, from: glyphs.lifeline, to: glyphs.lifeline)
        }
    }

    private func ink(_ origin: Origin) -> Ink {
        switch origin {
        case .us: .us
        case .peer, .router: .peer
        case .kernel: .bad
        }
    }
}

extension Origin {
    /// True for what leaves this machine.
    var isHere: Bool {
        switch self {
        case .us, .kernel: true
        case .peer, .router: false
        }
    }
}
