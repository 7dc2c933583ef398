/// What a piece of text is, as far as its colour goes.
enum Ink: Hashable, Sendable {
    case plain, dim, bold, us, peer, good, bad, warning

    /// The SGR parameters that switch the colour on (ECMA-48 §8.3.117); nil for plain text.
    var parameters: String? {
        switch self {
        case .plain: nil
        case .dim: "2"
        case .bold: "1"
        case .us: "36"
        case .peer: "35"
        case .good: "32"
        case .bad: "31"
        case .warning: "33"
        }
    }
}
