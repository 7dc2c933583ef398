/// A line under construction: harmless text and what each part of it is, so that width never counts colour.
struct InkedLine: Sendable {
    /// The text in UTF-8. Not a string, which takes several times as long to append to: a table may have a million lines.
    private var octets: [UInt8] = []
    /// The parts that are not plain, in order, by their octets.
    private var inked: [(octets: Range<Int>, ink: Ink)] = []
    /// Columns filled so far.
    private(set) var width = 0

    private static let space = UInt8(ascii: " ")

    init() {}

    init(_ text: String, _ ink: Ink = .plain) {
        append(text, ink)
    }

    mutating func append(_ text: String, _ ink: Ink = .plain) {
        let start = octets.count
        octets += text.utf8
        if ink != .plain, octets.count > start { inked.append((start..<octets.count, ink)) }
        width += TerminalText.width(text)
    }

    mutating func append(_ character: Character, count: Int = 1, _ ink: Ink = .plain) {
        append(String(repeating: character, count: max(0, count)), ink)
    }

    mutating func append(_ line: InkedLine) {
        let start = octets.count
        octets += line.octets
        for part in line.inked {
            inked.append((part.octets.lowerBound + start..<part.octets.upperBound + start, part.ink))
        }
        width += line.width
    }

    /// Makes room for a line of about so many columns.
    mutating func reserve(columns: Int) { octets.reserveCapacity(columns) }

    /// Fills with spaces up to `column`.
    mutating func pad(to column: Int) {
        guard column > width else { return }
        octets += repeatElement(Self.space, count: column - width)
        width = column
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
        lines.append(line)
        return lines
    }

    /// The line as written, without spaces at its end.
    func text(in style: TextStyle) -> String {
        let end = octets.lastIndex { $0 != Self.space }.map { $0 + 1 } ?? 0
        guard style.colour, !inked.isEmpty else { return String(decoding: octets[..<end], as: UTF8.self) }
        var result: [UInt8] = []
        var written = 0
        for (range, ink) in inked {
            let range = range.clamped(to: 0..<end)
            guard let parameters = ink.parameters, octets[range].contains(where: { $0 != Self.space }) else { continue }
            result += octets[written..<range.lowerBound]
            result += "\u{1B}[\(parameters)m".utf8
            result += octets[range]
            result += "\u{1B}[0m".utf8
            written = range.upperBound
        }
        result += octets[written..<end]
        return String(decoding: result, as: UTF8.self)
    }
}
