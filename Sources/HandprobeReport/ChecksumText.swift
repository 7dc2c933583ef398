import HandprobeWire

/// A TCP checksum worked out word by word, as one would on paper.
enum ChecksumText {
    /// The lines, in the columns of the dump that they follow.
    static func lines(_ working: ChecksumWorking, _ columns: DumpColumns) -> [InkedLine] {
        let style = columns.style
        let title = "TCP checksum: 16-bit words, summed, carries added back, complemented"
        var lines = WordWrap.lines(title, columns: style.columns).map { InkedLine($0, .bold) }
        var index = 0
        while index < working.words.count {
            let name = working.words[index].field
            let end = working.words[index...].prefix(columns.rowLength / 2).prefix { $0.field == name }.endIndex
            let isFirst = index == 0 || working.words[index - 1].field != name
            let isPseudo = index < working.pseudoHeaderWords
            lines.append(row(working.words[index..<end], isFirst ? name + (isPseudo ? " *" : "") : "", columns))
            index = end
        }
        let note = "* in the pseudo-header, which is summed but not sent (RFC 9293 section 3.1)"
        lines += WordWrap.lines(note, columns: style.columns).map { InkedLine($0, .dim) }
        return lines + result(working, columns)
    }

    private static func row(
        _ words: ArraySlice<ChecksumWorking.Word>,
        _ name: String,
        _ columns: DumpColumns
    ) -> InkedLine {
        var line = InkedLine()
        if let offset = words.first?.offset { line.append(Hex.digits(UInt16(truncatingIfNeeded: offset)), .dim) }
        line.pad(to: columns.octets)
        line.append(words.map { Hex.digits($0.value) }.joined(separator: " "), .us)
        line.pad(to: columns.name)
        let room = columns.style.columns == .max ? .max : columns.style.columns - columns.name - 14
        line.append(WordWrap.shortened(name, columns: room, ellipsis: columns.style.glyphs.ellipsis))
        line.pad(to: min(columns.name + 30, columns.style.columns - 14))
        line.append("  sum \(String(words.last?.runningSum ?? 0, radix: 16))", .dim)
        return line
    }

    private static func result(_ working: ChecksumWorking, _ columns: DumpColumns) -> [InkedLine] {
        let rows: [(number: String, text: String, ink: Ink)] = [
            (String(working.sum, radix: 16), "sum of all words", .plain),
            (Hex.digits(working.folded), "its carries added back", .plain),
            (Hex.digits(working.complement), "the complement: the checksum", .bold),
            (Hex.digits(working.field), "the field: \(verdict(working))", working.verdict == .good ? .good : .bad),
        ]
        return rows.flatMap { row in
            var line = InkedLine()
            line.pad(to: columns.octets)
            line.append("0x" + row.number, row.ink)
            return line.continued(
                by: [SideRemark([row.text], row.ink)],
                at: columns.name,
                columns: columns.style.columns
            )
        }
    }

    private static func verdict(_ working: ChecksumWorking) -> String {
        switch working.verdict {
        case .good: "right"
        case .bad: "wrong"
        case .notFilledIn: "only the pseudo-header's sum so far"
        case .unverifiable: "cannot be told"
        }
    }
}
