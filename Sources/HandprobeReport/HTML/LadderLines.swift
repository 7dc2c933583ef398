/// The text of a drawing, broken so that it stays in its place whatever fonts the reader has.
///
/// Notation is set in a fixed pitch, at most 0.61 of its size a column. What it means is set in the reader's own font:
/// the widest in use (DejaVu Sans) takes less than 0.65 of its size a column on the average of a line of prose. What is no
/// prose is set in a fixed pitch, too.
struct LadderLines: Sendable {
    /// Notation, or what happened.
    var text: [String]
    /// What it does.
    var remarks: [(text: String, ink: Ink)]

    /// The columns of notation, 12 high, in `width`.
    static func fixedColumns(_ width: Int) -> Int { width * 100 / (12 * 61) }
    /// The columns of the reader's own font, 13 high, in `width`.
    static func columns(_ width: Int) -> Int { width * 100 / (13 * 65) }

    /// The height of a line of either.
    static let height = 17

    init(_ item: LadderItem, textWidth: Int, remarkWidth: Int) {
        let columns = Self.fixedColumns(textWidth)
        text =
            item.text?.lines(columns: columns, full: false, ellipsis: "…")
            ?? WordWrap.lines(TextStyle.document.safe(item.clause), columns: columns)
        let notes = item.note.map { [SideRemark([$0], .warning)] } ?? []
        remarks = (item.remarks + notes).flatMap { remark in
            remark.lines(columns: Self.columns(remarkWidth)).map { (text: $0, ink: remark.ink) }
        }
    }

    /// True for words in Latin letters, not most of them capitals: what the estimate of their width holds for.
    static func isProse(_ line: String) -> Bool {
        let wide = line.unicodeScalars.count { $0.properties.isUppercase || $0 == "m" || $0 == "w" || $0 == "@" }
        return wide * 2 <= line.unicodeScalars.count && line.unicodeScalars.allSatisfy { $0.value < 0x250 }
    }
}
