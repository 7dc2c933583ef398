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
        /// How far down the state stands beside our lifeline that we come to here; nil where we come to none.
        var ourState: Int?
        /// The same of the peer.
        var peerState: Int?
    }

    static let width = LadderColumns.width
    /// The right edge of the times on the axis.
    static let axis = 94
    /// The right edge of our states.
    static let ourStates = 190
    static let ours = 208
    static let theirs = 430
    /// The left edge of the peer's states, and the right edge of the longest.
    static let peerStates = (left: 448, right: 532)
    /// The left edge of the labels.
    static let labels = 592
    /// Where a label's text begins, behind its time.
    static let text = 688
    /// The height of a state.
    static let state = 14
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
        let heights = lines.map { lines in
            (lines.text.count + lines.remarks.count) * LadderLines.height + 10
        }
        let total = heights.reduce(0, +)
        let scale = TimeScale(
            Self.offsets(items), height: max(360, total), hasMarks: items.allSatisfy { $0.clockStep == nil })
        let arrows = scale.positions.map { $0 + Self.head }
        let tops = LabelSpread.tops(points: arrows, heights: heights, rise: 12, top: Self.head - 12)
        let ours = Self.places(of: items.map { $0.ourState != nil }, beside: arrows)
        let theirs = Self.places(of: items.map { $0.peerState != nil }, beside: arrows)
        rows = items.indices.map {
            Row(
                item: items[$0], lines: lines[$0], arrow: arrows[$0], top: tops[$0], height: heights[$0],
                ourState: ours[$0], peerState: theirs[$0])
        }
        self.scale = scale
        let lowest = (arrows + (ours + theirs).compactMap(\.self)).max() ?? Self.head
        end = lowest + 18
        height = max(end, zip(tops, heights).map(+).max() ?? 0) + 6
    }

    /// How far down the states at one lifeline stand, of the events that have one: each at its arrow, or as near as can be.
    private static func places(of haveOne: [Bool], beside arrows: [Int]) -> [Int?] {
        let points = zip(haveOne, arrows).filter(\.0).map(\.1)
        let heights = points.map { _ in state }
        var tops = LabelSpread.tops(points: points, heights: heights, rise: state / 2, top: head - state)[...]
        return haveOne.map { $0 ? tops.popFirst().map { $0 + state / 2 } : nil }
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
