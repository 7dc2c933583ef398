/// Markup of a document. Only a literal of the source becomes markup; every text that is put into one is escaped.
///
/// So there is no way to forget it: text has no other way in.
struct HTML: Hashable, Sendable {
    /// The markup as it is written.
    private(set) var markup = ""

    /// Nothing.
    init() {}

    static func += (left: inout HTML, right: HTML) { left.markup += right.markup }

    static func + (left: HTML, right: HTML) -> HTML { "\(left)\(right)" }

    /// Text between tags or inside a quoted attribute: nothing of it is markup, and nothing in it is invisible.
    fileprivate static func escape(_ text: String, to markup: inout String) {
        for scalar in TerminalText.escape(text).unicodeScalars {
            switch scalar {
            case "&": markup += "&amp;"
            case "<": markup += "&lt;"
            case ">": markup += "&gt;"
            case "\"": markup += "&quot;"
            case "'": markup += "&#39;"
            default: markup.unicodeScalars.append(scalar)
            }
        }
    }
}

extension HTML: ExpressibleByStringInterpolation {
    /// Markup that stands in the source.
    init(stringLiteral value: StaticString) {
        markup = value.description
    }

    init(stringInterpolation: StringInterpolation) {
        markup = stringInterpolation.markup
    }

    /// Markup with text, numbers and other markup in it.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: StaticString) { markup += literal.description }

        mutating func appendInterpolation(_ text: String) { HTML.escape(text, to: &markup) }

        mutating func appendInterpolation(_ number: Int) { markup += String(number) }

        mutating func appendInterpolation(_ html: HTML) { markup += html.markup }

        mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { markup += part.markup } }
    }
}

extension [HTML] {
    /// All of them with `separator` between each two.
    func joined(by separator: HTML) -> HTML {
        var joined = HTML()
        for (index, part) in enumerated() {
            if index > 0 { joined += separator }
            joined += part
        }
        return joined
    }
}
