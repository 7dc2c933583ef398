import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// What a segment or error does in the conversation, in words.
enum MeaningText {
    /// All meanings of one event, with what its state adds; none when it means nothing new.
    ///
    /// Of an incident, the row that shows it says already what a remark would repeat.
    static func phrases(_ reading: Reading, of kind: Event.Kind) -> [String] {
        var phrases = reading.meanings.filter { !isSaid($0, by: kind) }.map(phrase)
        if startsHalfClosed(reading) { phrases.append("half-closed from here") }
        return phrases
    }

    /// One meaning.
    static func phrase(_ meaning: Meaning) -> String {
        switch meaning {
        case .requests(let request, attempt: ...1): opening(request)
        case .requests(let request, let attempt): "repeats \(request.rawValue) (attempt \(attempt))"
        case .confirms(let request): "confirms \(request.rawValue)"
        case .confirmsAgain(let request): "confirms \(request.rawValue) again"
        case .carriesData(let octets): "carries \(count(octets))"
        case .repeatsData(let octets): "repeats \(count(octets))"
        case .carriesDataOutOfOrder(let octets): "carries \(count(octets)) from beyond a gap"
        case .confirmsData(let octets): "confirms \(count(octets))"
        case .asksForProof: "asks: are you synchronised?"
        case .provesOpen(.noRepeatedSynAck): "suggests that the connection is open"
        case .provesOpen: "proves the connection open"
        case .challenges: "a challenge ACK"
        case .resets(let exactness): resets(exactness)
        case .asksWhetherForgotten: "asks: have you forgotten?"
        case .confirmsForgotten: "confirms: it is forgotten"
        case .isDisregarded(let why): "disregarded: \(why)"
        case .reportsError(let clause), .remark(let clause): clause
        }
    }

    /// The colour that fits the most important meaning.
    static func ink(_ reading: Reading) -> Ink {
        let provesOpen = reading.meanings.contains { if case .provesOpen = $0 { true } else { false } }
        return switch reading.meanings.first {
        case _ where provesOpen: .good
        case .confirms, .confirmsForgotten: .good
        case .resets, .reportsError: .bad
        case .requests(_, attempt: 2...), .confirmsAgain, .repeatsData, .carriesDataOutOfOrder, .challenges,
            .isDisregarded:
            .warning
        default: .plain
        }
    }

    private static func opening(_ request: RequestKind) -> String {
        switch request {
        case .ourSyn, .theirSyn: "\(request.rawValue): asks to open"
        case .ourFin, .theirFin: "\(request.rawValue): asks to close"
        }
    }

    private static func resets(_ exactness: ResetExactness) -> String {
        switch exactness {
        case .exact: "resets exactly in sequence"
        case .inWindow: "resets inside the window"
        case .outOfWindow: "resets outside the window"
        case .stray: "resets, answering nothing sent"
        }
    }

    private static func count(_ octets: Int) -> String {
        octets == 1 ? "1 octet" : "\(octets) octets"
    }

    private static func isSaid(_ meaning: Meaning, by kind: Event.Kind) -> Bool {
        switch (meaning, kind) {
        case (_, .segment), (_, .icmpError): false
        case (.remark, _): true
        default: false
        }
    }

    /// One FIN is confirmed and the other not made: the state says so, the meaning does not.
    private static func startsHalfClosed(_ reading: Reading) -> Bool {
        if reading.meanings.contains(.confirms(.ourFin)) { return reading.ourState == .finWait2 }
        if reading.meanings.contains(.confirms(.theirFin)) { return reading.ourState == .closeWait }
        return false
    }
}
