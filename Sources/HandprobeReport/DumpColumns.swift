import HandprobeWire

/// Where things stand in a dump: the offset, a row of octets, a field's name, its value and meaning.
struct DumpColumns {
    let style: TextStyle
    /// Octets in a row: eight, and four where eight and the text they spell have no room beside each other.
    let rowLength: Int

    init(style: TextStyle) {
        self.style = style
        rowLength = style.columns < 66 ? 4 : 8
    }

    /// The column of the octets.
    let octets = 6
    /// The column of a field's name.
    var name: Int { octets + 3 * rowLength + 1 }
    /// The column of a field's value.
    var value: Int { name + 23 }

    /// One field: its octets on the left, its name, value and meaning on the right.
    ///
    /// Of a payload the text that the octets spell stands beside them instead of a value.
    func rows(_ field: FieldAnnotation, _ octets: ArraySlice<UInt8>, isOffsetShown: Bool) -> [InkedLine] {
        let isSpelled = field.layer == .tcp && field.value == octets.map(Hex.digits).joined()
        let words = words(field, isSpelled: isSpelled)
        let spelled = isSpelled ? chunks(octets).map { InkedLine(spelling($0), .dim) } : []
        let texts = words + spelled
        let hasRoomForBits = octets.count * 10 <= 3 * rowLength
        let left = (hasRoomForBits ? field.bitPattern(of: octets).map { [$0] } : nil) ?? chunks(octets).map(digits)
        let firstRow = isSpelled ? words.count : 0
        return (0..<max(left.count + firstRow, texts.count)).map { row in
            var line = InkedLine()
            if left.indices.contains(row - firstRow) {
                let offset = octets.startIndex + (row - firstRow) * rowLength
                if isOffsetShown { line.append(Hex.digits(UInt16(truncatingIfNeeded: offset)), .dim) }
                line.pad(to: self.octets)
                line.append(left[row - firstRow], field.bits == nil ? .us : .dim)
            }
            line.pad(to: name)
            if row < texts.count { line.append(texts[row]) }
            return line
        }
    }

    private func chunks(_ octets: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        stride(from: octets.startIndex, to: octets.endIndex, by: rowLength).map {
            octets[$0..<min($0 + rowLength, octets.endIndex)]
        }
    }

    private func digits(_ octets: ArraySlice<UInt8>) -> String {
        octets.map(Hex.digits).joined(separator: " ")
    }

    private func spelling(_ octets: ArraySlice<UInt8>) -> String {
        style.safe("\"\(TerminalText.escape(octets: octets))\"")
    }

    /// Name, value and meaning, the first at the column of names; what does not fit goes below.
    private func words(_ field: FieldAnnotation, isSpelled: Bool) -> [InkedLine] {
        let room = style.columns == .max ? .max : max(16, style.columns - name)
        var lines: [InkedLine] = []
        var line = InkedLine(style.safe(field.name))
        for (text, ink) in [(isSpelled ? "" : field.value, Ink.good), (field.meaning, .plain)] where !text.isEmpty {
            let text = style.safe(text)
            let start = max(line.width + 2, value - name)
            if room == .max || start + TerminalText.width(text) <= room {
                line.pad(to: start)
                line.append(text, ink)
            } else {
                lines.append(line)
                lines += WordWrap.lines(text, columns: room - 2).map { InkedLine("  " + $0, ink) }
                line = lines.removeLast()
            }
        }
        return lines + [line]
    }
}
