/// How a connection opened and closed by what a witness saw, worked out by a few lines that share nothing with the judge.
struct WitnessedCourse {
    /// The segments in the order in which the witness saw them.
    let segments: [SegmentFacts]

    private func first(_ flag: String, ours: Bool) -> Int? {
        segments.firstIndex { $0.isOurs == ours && $0.flags.contains(flag) }
    }

    /// Where the other end first confirms the request at `index`. A RST refuses, whatever it acknowledges; an ACK of what
    /// has not been sent is a question, and confirms nothing.
    private func confirmation(of index: Int?) -> Int? {
        guard let index else { return nil }
        let request = segments[index]
        return segments.indices.first { position in
            position > index && segments[position].isOurs != request.isOurs && segments[position].covers(request.end)
                && !segments[position].flags.contains("R") && !acknowledgesUnsent(at: position)
        }
    }

    /// True when the segment at `position` acknowledges more than the other end had sent.
    private func acknowledgesUnsent(at position: Int) -> Bool {
        let segment = segments[position]
        let sent = segments[..<position].filter { $0.isOurs != segment.isOurs && $0.span > 0 }.map(\.end)
        guard let ack = segment.ack else { return false }
        return !sent.contains { Int32(bitPattern: $0 &- ack) >= 0 }
    }

    /// The rows of the ledger: how often each request was made, and the flags of what first confirmed it, when one did.
    var ledger: [String: (attempts: Int, confirmedBy: String?)] {
        let requests = [
            ("our_syn", "S", true), ("their_syn", "S", false), ("our_fin", "F", true), ("their_fin", "F", false),
        ]
        var rows: [String: (attempts: Int, confirmedBy: String?)] = [:]
        for (name, flag, isOurs) in requests {
            let made = segments.filter { $0.isOurs == isOurs && $0.flags.contains(flag) }
            guard !made.isEmpty else { continue }
            rows[name] = (made.count, confirmation(of: first(flag, ours: isOurs)).map { segments[$0].flags })
        }
        return rows
    }

    /// The RSTs of one end.
    func resets(ours: Bool) -> [SegmentFacts] { segments.filter { $0.isOurs == ours && $0.flags.contains("R") } }

    /// True when a RST of ours was at exactly SND.NXT: one that the peer must believe (RFC 5961 §3).
    private var weReset: Bool {
        segments.indices.contains { index in
            let segment = segments[index]
            guard segment.isOurs, segment.flags.contains("R") else { return false }
            return segments[..<index].last { $0.isOurs && !$0.flags.contains("R") && $0.span > 0 }?.end == segment.seq
        }
    }

    /// What the last line of a report must contain about the closing. A RST that was answered to a question, or not
    /// believed, leaves the two FINs to close the connection.
    var closing: [String] {
        if weReset { return ["reset by us"] }
        if let ours = first("F", ours: true), let theirs = first("F", ours: false), confirmation(of: ours) != nil,
            confirmation(of: theirs) != nil
        {
            return closingByFins(min(ours, theirs), max(ours, theirs))
        }
        if resets(ours: false).isEmpty { return [] }
        return [first("S", ours: false) == nil ? "refused" : "reset"]
    }

    private func closingByFins(_ one: Int, _ two: Int) -> [String] {
        guard segments[two].covers(segments[one].end) else { return ["closed simultaneously"] }
        let who = segments[one].isOurs ? [] : ["the peer closed first"]
        guard let confirmed = confirmation(of: one), confirmed != two else { return who + ["closed in three segments"] }
        let (other, count) = (segments[one].isOurs ? "the peer" : "we", octets(after: confirmed, by: two))
        return who + ["closed in four segments", "in which \(other) sent \(Self.words(count))"]
    }

    /// The different octets that the sender of the segment at `last` sent from the one at `first` on.
    private func octets(after first: Int, by last: Int) -> Int {
        let sender = segments[last].isOurs
        var numbers = Set<UInt32>()
        for segment in segments[first...last] where segment.isOurs == sender {
            for offset in 0..<UInt32(segment.length) { numbers.insert(segment.seq &+ offset) }
        }
        // What had been sent before is not new.
        for segment in segments[..<first] where segment.isOurs == sender {
            for offset in 0..<UInt32(segment.length) { numbers.remove(segment.seq &+ offset) }
        }
        return numbers.count
    }

    private static func words(_ count: Int) -> String {
        count == 0 ? "nothing" : count == 1 ? "1 octet" : "\(count) octets"
    }

    /// True when the peer sent its FIN without having ours: it then keeps the connection in TIME-WAIT.
    var peerClosedActively: Bool {
        guard let theirs = first("F", ours: false) else { return false }
        guard let ours = first("F", ours: true) else { return true }
        return !segments[theirs].covers(segments[ours].end)
    }
}
