/// A JSON value (RFC 8259) whose objects keep their members in order.
///
/// There is no null: a member of which nothing is known is left out where the object is written.
enum JSONValue: Hashable, Sendable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case array([JSONValue])
    case object([Member])

    /// One member of an object.
    struct Member: Hashable, Sendable {
        var name: String
        var value: JSONValue
    }

    /// A whole number of any width.
    static func number(_ value: some BinaryInteger) -> JSONValue { .integer(Int64(clamping: value)) }

    /// A length of time in nanoseconds.
    static func nanoseconds(_ duration: Duration) -> JSONValue {
        let (seconds, attoseconds) = duration.components
        let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carries) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return .integer(overflows || carries ? (seconds < 0 ? .min : .max) : sum)
    }

    /// True where it holds; nothing where it does not.
    static func flag(_ value: Bool) -> JSONValue? { value ? .boolean(true) : nil }

    /// The elements, or nothing when there are none.
    static func list(_ elements: [JSONValue]) -> JSONValue? { elements.isEmpty ? nil : .array(elements) }

    /// The members of an object; none for any other value.
    var members: [Member] { if case .object(let members) = self { members } else { [] } }

    /// An object with the members of both.
    static func + (left: JSONValue, right: JSONValue) -> JSONValue { .object(left.members + right.members) }

    /// The value on one line, without spaces between its parts.
    var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .string(let value): Self.quote(value, to: &text)
        case .integer(let value): text += String(value)
        case .boolean(let value): text += value ? "true" : "false"
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                Self.quote(member.name, to: &text)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    /// Escapes what RFC 8259 §7 asks for, and whatever could steer a terminal or hide in it.
    private static func quote(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar == " " || TerminalText.isPrintable(scalar): text.unicodeScalars.append(scalar)
            default: for unit in String(scalar).utf16 { text += "\\u" + Hex.digits(unit) }
            }
        }
        text += "\""
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// An object; members whose value is nil are left out.
    init(dictionaryLiteral members: (String, JSONValue?)...) {
        self = .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
    }
}

extension JSONValue: ExpressibleByStringLiteral {
    init(stringLiteral value: String) {
        self = .string(value)
    }
}
