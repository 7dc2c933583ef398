/// Where things stand in a ladder of a given width: margin, lifeline, segment text, lifeline, and the side column.
///
/// From 100 columns on the side column has the time and the meaning next to each other. Below that they are stacked,
/// the time beside the segment's text and the meaning beside its arrow.
struct LadderLayout: Sendable {
    /// Columns of the whole.
    let width: Int
    /// Columns before the left lifeline.
    let margin: Int
    /// Columns between the lifelines.
    let inner: Int
    /// Columns of text in the side column.
    let meaning: Int
    /// Columns between what stands in the side column and what is left of it.
    let gap: Int
    /// True when the time stands over the meaning.
    let isStacked: Bool

    /// Columns for the time.
    static let time = 12

    init(width: Int) {
        self.width = width
        isStacked = width < 100
        gap = isStacked ? 1 : 2
        if isStacked {
            margin = 1
            let room = max(0, width - margin - 2 - gap)
            inner = min(60, max(49, room - 30))
            meaning = max(2, room - inner)
        } else {
            margin = 2
            let room = width - margin - 2 - 1 - Self.time - gap
            inner = min(66, max(54, room * 3 / 5))
            meaning = room - inner
        }
    }

    /// Columns for text between the lifelines, one free on either side.
    var text: Int { inner - 2 }

    /// The column of the right lifeline.
    var rightLifeline: Int { margin + 1 + inner }

    /// A line with `content` between the lifelines, which must not be wider than they are apart.
    func between(_ content: InkedLine, from left: Character, to right: Character) -> InkedLine {
        var line = InkedLine()
        line.pad(to: margin)
        line.append(left, .dim)
        line.append(content)
        line.pad(to: rightLifeline)
        line.append(right, .dim)
        return line
    }

    /// The lines of one event: what stands between the lifelines, and beside it the time and what there is to say.
    func lines(_ rows: [InkedLine], time: String, remarks: [SideRemark], style: TextStyle) -> [String] {
        let bare = between(InkedLine(), from: style.glyphs.lifeline, to: style.glyphs.lifeline)
        let side = side(time: time, remarks: remarks)
        return (0..<max(rows.count, side.count)).map { index in
            var line = index < rows.count ? rows[index] : bare
            if index < side.count { line.append(side[index]) }
            return line.text(in: style)
        }
    }

    private func side(time: String, remarks: [SideRemark]) -> [InkedLine] {
        var lines: [InkedLine] = []
        var first = InkedLine()
        first.append(" ", count: isStacked ? gap : 1 + Self.time - time.count)
        first.append(time, .dim)
        if isStacked { lines.append(first) }
        for remark in remarks {
            for text in remark.lines(columns: meaning) {
                var line = InkedLine()
                if lines.isEmpty { line = first }
                line.pad(to: isStacked ? gap : 1 + Self.time + gap)
                line.append(text, remark.ink)
                lines.append(line)
            }
        }
        return lines.isEmpty ? [first] : lines
    }
}
