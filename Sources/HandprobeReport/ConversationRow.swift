public import HandprobeJudge
public import HandprobeWire

/// A connection of a capture file as a line of a table: what does not depend on the others is text already.
public struct ConversationRow: Sendable {
    /// Its number.
    public let number: Int
    /// What it comes to.
    public let outline: Outline
    /// Both sockets, which are harmless, the end that opened it before the other.
    let flow: InkedLine
    /// What stands in the last column.
    let remarks: [SideRemark]

    /// A row from its parts: a connection, `flow.local` being the end that opened it, what it comes to, and the last line of
    /// its report where that is wanted.
    public init(number: Int, flow: FourTuple, outline: Outline, headline: String? = nil, style: TextStyle) {
        self.number = number
        self.outline = outline
        var line = InkedLine()
        line.reserve(columns: 48)
        line.append(flow.local.description)
        line.append(" ")
        line.append(style.glyphs.arrow)
        line.append(" ")
        line.append(flow.remote.description)
        self.flow = line
        var remarks: [SideRemark] = []
        if !outline.codes.isEmpty {
            let codes = outline.codes.map(\.rawValue).joined(separator: ", ")
            remarks.append(SideRemark([codes], Conclusion.ink(outline.outcome)))
        }
        if let headline { remarks.append(SideRemark([style.safe(headline)], .plain)) }
        self.remarks = remarks
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
