/// Where everything stands in a ladder whose events follow each other at even distances.
///
/// It comes in pieces of at most a printed page, so that no page breaks through an event.
struct EvenLadder: Sendable {
    /// One event.
    struct Row: Sendable {
        var item: LadderItem
        var lines: LadderLines
        /// Its upper edge in its piece.
        var top: Int
        var height: Int
        /// The height of its arrow.
        var arrow: Int { top + (isBetween ? lines.text.count * LadderLines.height / 2 + 8 : textHeight + 12) }
        /// True when its text stands on its line rather than over it.
        var isBetween: Bool { item.shape == .incident }
        private var textHeight: Int { lines.text.count * LadderLines.height }
    }

    /// Events drawn in one piece.
    struct Piece: Sendable {
        var rows: [Row]
        var height: Int
    }

    /// The height of the names over the lifelines, which every piece begins with.
    static let head = 40
    /// The most that a piece is high, unless a single event is higher.
    static let tallest = 720

    private(set) var pieces: [Piece] = []

    init(_ items: [LadderItem]) {
        var rows: [Row] = []
        var height = Self.head
        for item in items {
            var row = Row(
                item: item,
                lines: LadderLines(item, textWidth: LadderColumns.inner - 36, remarkWidth: LadderColumns.remark),
                top: height,
                height: 0
            )
            let text = row.lines.text.count * LadderLines.height + (row.isBetween ? 16 : 24)
            row.height = max(52, text, row.lines.remarks.count * LadderLines.height + 8) + 6
            if !rows.isEmpty, height + row.height > Self.tallest {
                pieces.append(Piece(rows: rows, height: height))
                rows = []
                height = Self.head
                row.top = height
            }
            rows.append(row)
            height += row.height
        }
        if !rows.isEmpty { pieces.append(Piece(rows: rows, height: height)) }
    }
}

/// Where the columns of an even ladder stand.
enum LadderColumns {
    static let width = 1080
    /// The right edge of the times.
    static let time = 92
    /// The right edge of our states.
    static let ourState = 188
    static let ours = 200
    static let theirs = 676
    /// The left edge of the peer's states.
    static let peerState = 688
    /// The left edge of what an event does.
    static let remarks = 792

    /// The width between the lifelines.
    static var inner: Int { theirs - ours }
    /// The width of what an event does.
    static var remark: Int { width - remarks }
}
