import Testing

/// What RFC 9293 §3.10.7.1 and §3.10.7.2 make of the answer to one crafted segment, worked out from what a witness saw.
enum CraftedAnswer {
    /// The codes that a run of `send` must give for a segment and the first answer to it, nil being silence.
    static func codes(for segment: SegmentFacts, answeredBy answer: SegmentFacts?) -> [String] {
        let has = { (flag: String) in segment.flags.contains(flag) }
        // A RST is never answered.
        if has("R") { return [answer == nil ? "silence-expected" : "answer-not-due"] }
        if has("S"), !has(".") {
            guard let answer else { return ["no-answer"] }
            guard answer.flags.contains("R") else { return [] }
            let isExact = answer.flags == "R." && answer.seq == 0 && answer.ack == segment.end
            return isExact ? ["refused"] : ["refused", "refusal-inexact"]
        }
        guard let answer else { return [has(".") ? "no-answer" : "silence-expected"] }
        // Closed: <SEQ=SEG.ACK><CTL=RST> with ACK, <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK> without.
        let isExact =
            has(".")
            ? answer.flags == "R" && answer.seq == segment.ack
            : answer.flags == "R." && answer.seq == 0 && answer.ack == segment.end
        return [isExact ? "closed-port-answer" : "answer-inexact"]
    }
}
