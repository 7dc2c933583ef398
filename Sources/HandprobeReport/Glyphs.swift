/// The characters that lines are drawn with. Each fills one column, whatever its name says, except the words.
struct Glyphs: Sendable {
    var lifeline: Character
    var line: Character
    var doubleLine: Character
    var dashes: Character
    var leavesRight: Character
    var leavesLeft: Character
    var kernelLeavesRight: Character
    var headRight: Character
    var headLeft: Character
    /// `→` or `->`
    var arrow: String
    /// `…` or `...`
    var ellipsis: String
    /// Between two items of a line.
    var dot: String

    static let unicode = Glyphs(
        lifeline: "│",
        line: "─",
        doubleLine: "═",
        dashes: "╌",
        leavesRight: "├",
        leavesLeft: "┤",
        kernelLeavesRight: "╞",
        headRight: "▶",
        headLeft: "◀",
        arrow: "→",
        ellipsis: "…",
        dot: "·"
    )

    static let ascii = Glyphs(
        lifeline: "|",
        line: "-",
        doubleLine: "=",
        dashes: "-",
        leavesRight: "|",
        leavesLeft: "|",
        kernelLeavesRight: "|",
        headRight: ">",
        headLeft: "<",
        arrow: "->",
        ellipsis: "...",
        dot: "-"
    )
}
