/// Breaks harmless text into lines.
enum WordWrap {
    /// `text` in lines of at most `columns` columns, broken at spaces, or inside a word that is longer than a line.
    ///
    /// `rest` gives the columns of the second and later lines when they differ.
    static func lines(_ text: String, columns: Int, rest: Int? = nil) -> [String] {
        if TerminalText.width(text) <= columns, isNeat(text) { return [text] }
        let later = max(2, rest ?? columns)
        var limit = max(2, columns)
        var lines: [String] = []
        var line = ""
        var width = 0
        for word in text.split(separator: " ") {
            let length = TerminalText.width(String(word))
            if width > 0, width + 1 + length <= limit {
                line += " " + word
                width += 1 + length
                continue
            }
            if width > 0 {
                lines.append(line)
                (line, width, limit) = ("", 0, later)
            }
            for scalar in word.unicodeScalars {
                let columns = TerminalText.width(scalar)
                if width + columns > limit {
                    lines.append(line)
                    (line, width, limit) = ("", 0, later)
                }
                line.unicodeScalars.append(scalar)
                width += columns
            }
        }
        if width > 0 || lines.isEmpty { lines.append(line) }
        return lines
    }

    /// True when single spaces stand between words and nowhere else.
    private static func isNeat(_ text: String) -> Bool {
        var follows = false
        for octet in text.utf8 {
            let isSpace = octet == UInt8(ascii: " ")
            if isSpace, !follows { return false }
            follows = !isSpace
        }
        return follows || text.isEmpty
    }

    /// `items` one behind the other with `separator` between them, a new line begun at an item rather than inside one.
    ///
    /// A separator stays at the end of a line that is broken after it; a `dot`, which has spaces on both sides, does not.
    static func packed(_ items: [String], separator: String, columns: Int, rest: Int? = nil) -> [String] {
        if items.count == 1 { return lines(items[0], columns: columns, rest: rest) }
        let vanishes = separator.hasPrefix(" ")
        var packed: [String] = []
        var line = ""
        for (index, item) in items.enumerated() {
            let mark = index < items.count - 1 ? separator : ""
            let visible = TerminalText.width(item) + (vanishes ? 0 : TerminalText.width(mark.droppingLastSpaces()))
            let limit = packed.isEmpty ? columns : rest ?? columns
            if !line.isEmpty, TerminalText.width(line) > limit - visible {
                if vanishes { line.removeLast(separator.count) }
                packed += lines(line, columns: limit, rest: rest)
                line = ""
            }
            line += item + mark
        }
        return packed + lines(line, columns: packed.isEmpty ? columns : rest ?? columns, rest: rest)
    }

    /// `text` cut in its middle to at most `columns` columns.
    static func shortened(_ text: String, columns: Int, ellipsis: String) -> String {
        guard TerminalText.width(text) > columns else { return text }
        var head = Array(text.unicodeScalars)
        var tail: [Unicode.Scalar] = []
        let room = max(0, columns - ellipsis.count)
        tail = Array(head.suffix(room / 2))
        head = Array(head.prefix(room - room / 2))
        var width = (head + tail).reduce(0) { $0 + TerminalText.width($1) }
        while width > room {
            if head.count > tail.count {
                width -= TerminalText.width(head.removeLast())
            } else {
                width -= TerminalText.width(tail.removeFirst())
            }
        }
        var result = String.UnicodeScalarView(head)
        result += ellipsis.unicodeScalars
        result += tail
        return String(result)
    }
}
