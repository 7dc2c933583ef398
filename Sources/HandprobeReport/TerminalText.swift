/// What makes text from the network harmless on a terminal.
///
/// Controls, bidirectional and other invisible characters, combining marks and what is not valid UTF-8 are written as
/// the octets they were, `\x1b`; what stays fills one column, or two.
public enum TerminalText {
    /// `text` with everything escaped that could steer a terminal or hide in it. Escaping twice changes nothing more.
    public static func escape(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        return escape(text.unicodeScalars) { isPrintable($0) }
    }

    /// Octets as text: UTF-8 where it is valid and printable, escaped where not; a backslash is doubled.
    public static func escape(octets: some Collection<UInt8>) -> String {
        var result = ""
        var decoder = UTF8ScalarReader(octets)
        while let piece = decoder.next() {
            switch piece {
            case .scalar("\\"): result += "\\\\"
            case .scalar(let scalar) where isPrintable(scalar): result.unicodeScalars.append(scalar)
            case .scalar(let scalar): result += escaped(scalar)
            case .invalid(let octet): result += escaped(octet)
            }
        }
        return result
    }

    /// `text` in ASCII alone: drawing characters by their nearest likeness, everything else escaped.
    static func escapeToASCII(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if let likeness = likenesses[scalar] {
                result += likeness
            } else if scalar.isASCII, isPrintable(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += escaped(scalar)
            }
        }
        return result
    }

    /// Columns that escaped text fills.
    static func width(_ text: String) -> Int {
        if isASCII(text) { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    /// True when all of `text` is ASCII: many strings know it of themselves.
    private static func isASCII(_ text: String) -> Bool {
        var octets = text.utf8Span
        return octets.checkForASCII()
    }

    /// Columns that a printable character fills: two for East Asian wide ones and emoji (UAX #11), one for the others.
    static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x1100 { return 1 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE10...0xFE1F, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,
            0x1F000...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        // The first one is U+231A.
        default:
            return scalar.value >= 0x231A && scalar.properties.isEmojiPresentation ? 2 : 1
        }
    }

    private static let likenesses: [Unicode.Scalar: String] = [
        "→": "->", "←": "<-", "…": "...", "·": "-", "–": "-", "—": "-", "×": "x", "’": "'", "“": "\"", "”": "\"",
        "§": "section ", "≤": "<=", "≥": ">=", "−": "-",
    ]

    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .nonspacingMark, .spacingMark, .enclosingMark:
            return false
        case .spaceSeparator:
            return false
        default:
            // Default-ignorable letters (the Hangul fillers) print as nothing.
            return !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    private static func escape(_ scalars: String.UnicodeScalarView, keeping keep: (Unicode.Scalar) -> Bool) -> String {
        var result = ""
        for scalar in scalars {
            if keep(scalar) { result.unicodeScalars.append(scalar) } else { result += escaped(scalar) }
        }
        return result
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: String(scalar).utf8.map(escaped).joined()
        }
    }

    private static func escaped(_ octet: UInt8) -> String {
        "\\x" + Hex.digits(octet)
    }
}
