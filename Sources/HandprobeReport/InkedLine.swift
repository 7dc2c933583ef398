/// A line under construction: harmless text and what each part of it is, so that width never counts colour.
struct InkedLine: Sendable {
    private var text = ""
    /// The parts that are not plain, in order, by their octets.
    private var inked: [(octets: Range<Int>, ink: Ink)] = []
    /// Columns filled so far.
    private(set) var width = 0

    init() {}

    init(_ text: String, _ ink: Ink = .plain) {
        append(text, ink)
    }

    mutating func append(_ text: String, _ ink: Ink = .plain) {
        guard !text.isEmpty else { return }
        let start = self.text.utf8.count
        self.text += text
        if ink != .plain { inked.append((start..<self.text.utf8.count, ink)) }
        width += TerminalText.width(text)
    }

    mutating func append(_ character: Character, count: Int = 1, _ ink: Ink = .plain) {
        append(String(repeating: character, count: max(0, count)), ink)
    }

    mutating func append(_ line: InkedLine) {
        let start = text.utf8.count
        text += line.text
        inked += line.inked.map { ($0.octets.lowerBound + start..<$0.octets.upperBound + start, $0.ink) }
        width += line.width
    }

    /// Fills with spaces up to `column`.
    mutating func pad(to column: Int) {
        append(" ", count: column - width)
    }

    /// The line with `remarks` below each other from `column` on, the first behind it when it ends before that.
    func continued(by remarks: [SideRemark], at column: Int, columns: Int) -> [InkedLine] {
        guard !remarks.isEmpty else { return [self] }
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
        let text = text.droppingLastSpaces()
        guard style.colour, !inked.isEmpty else { return text }
        let octets = text.utf8
        let part = { (range: Range<Int>) in
            text[
                octets.index(
                    text.startIndex, offsetBy: range.lowerBound)..<octets.index(
                        text.startIndex, offsetBy: range.upperBound)]
        }
        var result = ""
        var written = 0
        for (range, ink) in inked {
            let range = range.clamped(to: 0..<octets.count)
            let words = part(range)
            guard let parameters = ink.parameters, words.contains(where: { $0 != " " }) else { continue }
            result += part(written..<range.lowerBound)
            result += "\u{1B}[\(parameters)m\(words)\u{1B}[0m"
            written = range.upperBound
        }
        return result + part(written..<octets.count)
    }
}
