import HandprobeWire

/// Where everything stands in a ladder whose arrows are apart as far as their times, and whose labels make room for each
/// other.
struct ScaledLadder: Sendable {
    /// One event.
    struct Row: Sendable {
        var item: LadderItem
        var lines: LadderLines
        /// The height of its arrow.
        var arrow: Int
        /// The upper edge of its label, and the label's height.
        var top: Int
        var height: Int
    }

    static let width = LadderColumns.width
    /// The right edge of the times on the axis.
    static let axis = 94
    static let ours = 124
    static let theirs = 400
    /// The left edge of the labels.
    static let labels = 470
    /// Where a label's text begins, behind its time.
    static let text = 566
    /// The width that is left for badges at the end of a label's first line.
    static let badges = 64
    /// The height of the names over the lifelines.
    static let head = 52

    let rows: [Row]
    let scale: TimeScale
    /// The height of the whole.
    let height: Int
    /// How far down the lifelines go.
    let end: Int

    init(_ items: [LadderItem]) {
        let lines = items.map {
            LadderLines($0, textWidth: Self.width - Self.text - Self.badges, remarkWidth: Self.width - Self.text)
        }
        let heights = zip(items, lines).map { item, lines in
            let count = lines.text.count + lines.remarks.count + (item.states.isEmpty ? 0 : 1)
            return count * LadderLines.height + 10
        }
        let total = heights.reduce(0, +)
        let scale = TimeScale(
            Self.offsets(items), height: max(360, total), hasMarks: items.allSatisfy { $0.clockStep == nil })
        let arrows = scale.positions.map { $0 + Self.head }
        let tops = LabelSpread.tops(points: arrows, heights: heights, top: Self.head - 12)
        rows = items.indices.map {
            Row(item: items[$0], lines: lines[$0], arrow: arrows[$0], top: tops[$0], height: heights[$0])
        }
        self.scale = scale
        end = (arrows.last ?? Self.head) + 18
        height = max(end, zip(tops, heights).map(+).max() ?? 0) + 6
    }

    /// The times since the first event, the clock's steps taken out.
    private static func offsets(_ items: [LadderItem]) -> [Duration] {
        var stepped = Duration.zero
        return items.map { item in
            stepped += item.clockStep ?? .zero
            return item.time.since(items[0].time) - stepped
        }
    }

    /// What the scale is, in words.
    var statement: String {
        var text = "Arrows are as far apart as their times."
        if let step = scale.step { text += " A mark every \(DurationText.length(step))." }
        if !scale.cuts.isEmpty {
            let lengths = scale.cuts.map { DurationText.length($0.length) }.joined(separator: ", ")
            let (silences, are) =
                scale.cuts.count == 1 ? ("One silence", "is") : ("\(scale.cuts.count) silences", "are")
            text += " \(silences) of \(lengths) \(are) drawn short, where the lifelines are broken:"
            text += " to scale, all the rest would be one line."
        }
        return text
    }
}
