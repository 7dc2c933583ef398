import FoundationEssentials
import HandprobeTestKit
import Testing

/// The published description of NDJSON.
enum Schema {
    /// What the tests that validate are enabled by.
    static let hasValidator = ConditionTrait.enabled(
        if: SchemaValidator.isInstalled, Comment(rawValue: SchemaValidator.isMissing))

    /// Expects every line to be an object that the schema describes.
    static func expectValid(_ lines: [String], location: SourceLocation = #_sourceLocation) throws {
        let (count, problems) = try SchemaValidator.validate(lines)
        #expect(problems.isEmpty, "\(problems.prefix(4000))", sourceLocation: location)
        #expect(count == lines.count, sourceLocation: location)
    }

    /// The schema itself.
    static func read() throws -> JSONTree {
        try JSONDecoder().decode(JSONTree.self, from: Data(contentsOf: URL(filePath: SchemaValidator.schema)))
    }
}

/// Any JSON, as another reader than ours reads it.
enum JSONTree: Decodable, Hashable {
    case string(String), integer(Int64), boolean(Bool), array([JSONTree]), object([String: JSONTree])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONTree].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }

    init(_ text: String) throws {
        self = try JSONDecoder().decode(JSONTree.self, from: Data(text.utf8))
    }

    subscript(name: String) -> JSONTree? { if case .object(let members) = self { members[name] } else { nil } }

    subscript(index: Int) -> JSONTree? {
        if case .array(let values) = self, values.indices.contains(index) { values[index] } else { nil }
    }

    var string: String? { if case .string(let value) = self { value } else { nil } }

    /// All elements as strings; empty for anything else.
    var strings: [String] { if case .array(let values) = self { values.compactMap(\.string) } else { [] } }

    /// Every name of a member, at any depth.
    var names: Set<String> {
        switch self {
        case .array(let values): values.reduce(into: []) { $0.formUnion($1.names) }
        case .object(let members): members.reduce(into: Set(members.keys)) { $0.formUnion($1.value.names) }
        default: []
        }
    }

    /// The values of every member of this name, at any depth.
    func all(_ name: String) -> [JSONTree] {
        switch self {
        case .array(let values): values.flatMap { $0.all(name) }
        case .object(let members): members.flatMap { ($0.key == name ? [$0.value] : []) + $0.value.all(name) }
        default: []
        }
    }
}
