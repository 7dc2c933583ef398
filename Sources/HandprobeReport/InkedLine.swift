/// A line under construction: pieces of harmless text, each with what it is, so that width never counts colour.
struct InkedLine: Sendable {
    private var pieces: [(text: String, ink: Ink)] = []
    /// Columns filled so far.
    private(set) var width = 0

    init() {}

    init(_ text: String, _ ink: Ink = .plain) {
        append(text, ink)
    }

    mutating func append(_ text: String, _ ink: Ink = .plain) {
        guard !text.isEmpty else { return }
        pieces.append((text, ink))
        width += TerminalText.width(text)
    }

    mutating func append(_ character: Character, count: Int = 1, _ ink: Ink = .plain) {
        append(String(repeating: character, count: max(0, count)), ink)
    }

    mutating func append(_ line: InkedLine) {
        pieces += line.pieces
        width += line.width
    }

    /// Fills with spaces up to `column`.
    mutating func pad(to column: Int) {
        append(" ", count: column - width)
    }

    /// The line with `remarks` below each other from `column` on, the first behind it when it ends before that.
    func continued(by remarks: [SideRemark], at column: Int, columns: Int) -> [InkedLine] {
        var lines: [InkedLine] = []
        var line = self
        for remark in remarks {
            for text in remark.lines(columns: columns == .max ? .max : columns - column) {
                if line.width > column {
                    lines.append(line)
                    line = InkedLine()
                }
                line.pad(to: column)
                line.append(text, remark.ink)
            }
        }
        return lines + [line]
    }

    /// The line as written, without spaces at its end.
    func text(in style: TextStyle) -> String {
        var pieces = pieces
        while let last = pieces.last {
            let kept = last.text.droppingLastSpaces()
            pieces[pieces.count - 1].text = kept
            if !kept.isEmpty { break }
            pieces.removeLast()
        }
        guard style.colour else { return pieces.map(\.text).joined() }
        return pieces.map { piece in
            guard let parameters = piece.ink.parameters, piece.text.contains(where: { $0 != " " }) else {
                return piece.text
            }
            return "\u{1B}[\(parameters)m\(piece.text)\u{1B}[0m"
        }.joined()
    }
}
