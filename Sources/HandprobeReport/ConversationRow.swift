public import HandprobeJudge
public import HandprobeWire

/// A connection of a capture file as a line of a table.
public struct ConversationRow: Hashable, Sendable {
    /// Its number.
    public var number: Int
    /// The connection, `local` being the end that opened it.
    public var flow: FourTuple
    /// What it comes to.
    public var outline: Outline
    /// The last line of its report; nil when it is not wanted.
    public var headline: String?

    /// A row from its parts.
    public init(number: Int, flow: FourTuple, outline: Outline, headline: String? = nil) {
        self.number = number
        self.flow = flow
        self.outline = outline
        self.headline = headline
    }
}

extension Outline.Opening {
    /// In the width of a column.
    var words: String {
        switch self {
        case .notCaptured: "not captured"
        case .threeSegments: "3 segments"
        case .fourSegments: "4 segments"
        case .simultaneous: "SYNs crossed"
        case .refused: "refused"
        case .unanswered: "no answer"
        case .unfinished: "unfinished"
        case .notAsked: "no SYN"
        }
    }
}

extension Outline.Closing {
    /// In the width of a column.
    var words: String {
        switch self {
        case .neverOpen: "never open"
        case .notClosed: "not closed"
        case .half(.us): "half, by us"
        case .half(.peer): "half, by peer"
        case .crossed: "FINs crossed"
        case .threeSegments(.us): "3 segments"
        case .threeSegments(.peer): "3, peer first"
        case .fourSegments(.us): "4 segments"
        case .fourSegments(.peer): "4, peer first"
        case .reset(.us): "reset by us"
        case .reset(.peer): "reset by peer"
        }
    }
}
