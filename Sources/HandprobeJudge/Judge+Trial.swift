import HandprobeTCP
import HandprobeWire

/// Whether the peer still has an open connection after a silence, or after a RST that it must not believe.
extension Judge {
    /// A silence after which the end of a connection is an idle one.
    private static let idle = Duration.milliseconds(400)

    /// True when a connection that `open` keeps was silent before the event being observed.
    var isIdle: Bool { keepsConnection && quiet >= Self.idle }

    private var keepsConnection: Bool {
        guard case .open = expectation, proof != nil, strayReset == nil else { return false }
        return observer.us.fin == nil && ourReset == nil
    }

    /// New octets of the peer: where they end a silence, an end that follows them closely is that of an idle connection.
    mutating func noteLateWords(_ octets: Int) {
        if isIdle {
            lateWords = LateWords(moment: now, quiet: quiet, octets: octets)
        } else {
            lateWords?.octets &+= octets
        }
    }

    /// The peer ended the connection in a silence, or with its last words after one; false when there was none.
    mutating func noteIdleEnd(_ code: FindingCode, _ how: String) -> Bool {
        let stage: Stage? = code == .idleClosed ? .closing : nil
        if isIdle {
            note(
                code, "the peer \(how) the connection after \(quiet.text) of silence", stage: stage, source: .peer)
            return true
        }
        guard keepsConnection, let words = lateWords, now.time.since(words.moment.time) < Self.idle else {
            return false
        }
        note(
            code,
            "the peer sent \(Self.count(words.octets)) and \(how) the connection after \(words.quiet.text) of silence",
            stage: stage, source: .peer, evidence: [words.moment.index, now.index])
        return true
    }

    /// A RST of ours that is not at exactly the next octet of an open connection.
    mutating func observeStrayReset(_ exactness: ResetExactness) {
        if strayReset == nil { strayReset = StrayReset(moment: now, exactness: exactness) }
        provocationIsOut = true
        let due = exactness == .inWindow ? "a challenge ACK is due" : "it is to be ignored"
        say(.resets(exactness))
        say(.remark("not at the octet expected next: \(due) (RFC 5961 §3.2)"))
    }

    private var place: String { strayReset?.exactness == .inWindow ? "inside the window" : "outside the window" }

    /// The peer asks back instead of believing our RST.
    mutating func noteChallenge() {
        guard let reset = strayReset else { return }
        note(
            .resetChallenged, "the peer answered our RST \(place) with a challenge ACK and kept the connection",
            source: .peer, evidence: [reset.moment.index, now.index])
        strayReset = nil
    }

    /// The peer answers our keepalive: it has the connection. False when that proves nothing.
    mutating func noteAlive() -> Bool {
        guard proof != nil || isOpen && strayReset != nil else { return false }
        provocationIsOut = false
        if let reset = strayReset {
            note(
                .resetIgnored, "the peer said nothing to our RST \(place) and kept the connection",
                source: .peer, evidence: [reset.moment.index, now.index])
            strayReset = nil
        } else {
            note(
                .stillOpen,
                "after \(quietBeforeKeepalive.text) of silence the peer still had the connection: it answered our keepalive",
                source: .peer)
        }
        say(.remark("answers the keepalive: it still has the connection"))
        return true
    }

    /// The peer's RST, when it shows that the connection was forgotten before; false when it is a RST like any other.
    mutating func noteForgotten() -> Bool {
        if let reset = strayReset {
            note(
                .resetBelieved, "the peer believed our RST \(place) and gave the connection up",
                source: .peer, evidence: [reset.moment.index, now.index])
            return true
        }
        guard keepaliveIsOut, proof != nil else { return false }
        note(
            .idleForgotten,
            "after \(quietBeforeKeepalive.text) of silence the peer answered our keepalive with RST: it had forgotten the connection",
            source: .peer)
        return true
    }

    /// No keepalive was answered.
    mutating func noteLost() {
        note(
            .idleLost, "after \(quietBeforeKeepalive.text) of silence the peer answers no keepalive any more",
            source: nil)
    }
}
