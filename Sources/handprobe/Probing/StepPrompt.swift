import HandprobeEngine
import HandprobeReport
import HandprobeWire

/// Asks a person about each of our segments before it leaves.
struct StepPrompt {
    /// Where our relative sequence numbers begin.
    var base: SequenceBase
    /// False once the person, or the end of input, has said to go on without asking.
    private(set) var isAsking = true
    private var offered: TCPSegment?

    init(iss: SequenceNumber) {
        base = SequenceBase(seq: iss, ack: SequenceNumber(0))
    }

    /// The question about `segment`; nil when it is not to be asked.
    mutating func question(about segment: TCPSegment) -> String? {
        guard isAsking else { return nil }
        offered = segment
        return """
            next: \(TerminalText.escape(segment.notation(relativeTo: base, options: .withoutClocks)))
                  Enter sends it · s skips · t sends it twice · c SEGMENT sends another · g goes on · q ends: 
            """
    }

    /// What the person's line decides, or what to say when it decides nothing.
    mutating func decision(_ line: String) -> (SegmentDecision?, complaint: String?) {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        switch words.first {
        case nil: return (.send, nil)
        case "s", "skip": return (.withhold, nil)
        case "t", "twice": return (.sendTwice, nil)
        case "q", "quit", "abort": return (.abort, nil)
        case "g", "go":
            isAsking = false
            return (.send, nil)
        case "c", "change":
            return change(words.count > 1 ? words[1] : "")
        case .some(let word):
            return (nil, "'\(TerminalText.escape(word))' is none of Enter, s, t, c SEGMENT, g, q")
        }
    }

    /// No one will answer any more.
    mutating func inputEnded() {
        isAsking = false
    }

    /// Reads another segment in the notation in which this one was shown; what it leaves out is as offered.
    private func change(_ text: String) -> (SegmentDecision?, complaint: String?) {
        guard let offered else { return (.send, nil) }
        do {
            let parsed = try ParsedSegment(notation: text, relativeTo: base)
            var segment = parsed.segment
            segment.header.sourcePort = offered.header.sourcePort
            segment.header.destinationPort = offered.header.destinationPort
            if !parsed.windowGiven { segment.header.window = offered.wnd }
            if !parsed.optionsGiven {
                segment.options = offered.options
                segment.header.dataOffset = offered.header.dataOffset
            }
            return (.replace([segment]), nil)
        } catch {
            return (nil, "cannot read the segment: \(error); write it like: . 1:1(0) ack 1 win 502")
        }
    }
}
