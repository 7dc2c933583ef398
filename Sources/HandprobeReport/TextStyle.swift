/// How text may look where it is shown.
public struct TextStyle: Hashable, Sendable {
    /// How much is said.
    public enum Verbosity: Hashable, Sendable {
        /// The last line only.
        case quiet
        /// The course, the ledger, the findings, the last line.
        case normal
        /// Everything: absolute numbers, IP fields, every option in full.
        case verbose
    }

    /// The width from which a ladder is drawn; below it a compact list is written.
    public static let narrowestLadder = 80
    /// The width of output that is no terminal: lines are as long as they need to be.
    public static let unlimited = 0

    /// Columns of the terminal, or `unlimited`.
    public var width: Int
    /// True when escape sequences for colour may be written.
    public var colour: Bool
    /// True when characters beyond ASCII can be shown.
    public var unicode: Bool
    /// How much is said.
    public var verbosity: Verbosity
    /// True when each step is explained to somebody who is learning.
    public var explains: Bool
    /// True when each segment is shown octet by octet, with its checksum worked out.
    public var showsOctets: Bool

    /// A style from its parts.
    public init(
        width: Int, colour: Bool = false, unicode: Bool = true, verbosity: Verbosity = .normal,
        explains: Bool = false, showsOctets: Bool = false
    ) {
        self.width = width
        self.colour = colour
        self.unicode = unicode
        self.verbosity = verbosity
        self.explains = explains
        self.showsOctets = showsOctets
    }

    /// True when there is room for two lifelines with text between and beside them.
    public var hasRoomForLadder: Bool { width >= Self.narrowestLadder }

    /// Columns that a line may fill: the terminal's, twenty at the least, no limit when there is no terminal.
    var columns: Int { width <= Self.unlimited ? .max : max(width, 20) }

    /// The characters that lines are made of in this style.
    var glyphs: Glyphs { unicode ? .unicode : .ascii }

    /// `text` with nothing in it that could steer a terminal, and nothing that this one cannot show.
    func safe(_ text: String) -> String {
        unicode ? TerminalText.escape(text) : TerminalText.escapeToASCII(text)
    }
}
