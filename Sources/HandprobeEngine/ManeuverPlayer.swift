import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// Plays a plan's maneuvers on our segments: decides about each that the endpoint makes, and lets go what it kept back.
struct ManeuverPlayer {
    /// What was kept back and leaves now.
    struct Released {
        var segment: TCPSegment
        /// True when the peer's FIN was waited for and is here: that is not to be confirmed by it.
        var meetsPeerFin: Bool
        /// How long the peer's FIN was waited for in vain; nil where it was not, or came.
        var missesPeerFin: Duration?
        /// Why it leaves, in a clause.
        var reason: String
    }

    private struct Part {
        let maneuver: Maneuver
        var isOver = false
        var held: Held?

        /// Keeps a segment back; a newer one takes the place of an older.
        mutating func hold(_ segment: TCPSegment, at now: Instant) {
            let interval = held.map { now.since($0.latest) }
            held = Held(segment: segment, since: held?.since ?? now, latest: now, interval: interval)
        }
    }

    /// What is kept back: the newest segment of its role, and when the first and the latest of them were made.
    private struct Held {
        let segment: TCPSegment
        let since: Instant
        let latest: Instant
        /// Time between the latest two.
        let interval: Duration?
    }

    /// The least time without another request after which a peer has stopped asking: it begins to repeat a SYN-ACK after
    /// one second, an older stack after three (RFC 6298 §2.1, RFC 2988 §2.1).
    private static let leastSilence = Duration.milliseconds(3500)

    private var parts: [Part]
    private var peerHasClosed = false
    private var ourFinLeft: Instant?
    /// The acknowledgment number of the latest segment that left.
    private var confirmed: SequenceNumber?

    init(_ maneuvers: [Maneuver]) {
        parts = maneuvers.map { Part(maneuver: $0) }
    }

    /// True while a segment of this role is kept back.
    func isHolding(_ role: Maneuver.Role) -> Bool {
        parts.contains { $0.held != nil && $0.maneuver.role == role }
    }

    /// Decides about a segment that the endpoint has made.
    mutating func decide(_ segment: TCPSegment, at now: Instant, plays: (Maneuver.Role) -> Bool) -> SegmentDecision {
        let decision = decideByPart(segment, at: now, plays: plays)
        guard decision == .send || decision == .sendTwice else { return decision }
        if plays(.fin), ourFinLeft == nil { ourFinLeft = now }
        confirmed = segment.ack
        dropConfirmations(upTo: segment.ack)
        return decision
    }

    private mutating func decideByPart(
        _ segment: TCPSegment,
        at now: Instant,
        plays: (Maneuver.Role) -> Bool
    ) -> SegmentDecision {
        guard let index = parts.firstIndex(where: { !$0.isOver && plays($0.maneuver.role) }) else { return .send }
        if case .hold = parts[index].maneuver.move {
            parts[index].hold(segment, at: now)
            // The text in front of the peer's FIN is confirmed all the same: it is the FIN that is to be repeated.
            let text = Alteration(ack: -1).applied(to: segment)
            guard parts[index].maneuver.role == .lastAck, let confirmed, confirmed.isBefore(text.ack) else {
                return .withhold
            }
            self.confirmed = text.ack
            return .replace([text])
        }
        parts[index].isOver = true
        switch parts[index].maneuver.move {
        case .omit, .hold: return .withhold
        case .sendTwice: return .sendTwice
        case .replace(let alterations): return .replace(alterations.map { $0.applied(to: segment) })
        }
    }

    /// What is kept back only to confirm something needs no release once another segment has confirmed that.
    private mutating func dropConfirmations(upTo ack: SequenceNumber) {
        for index in parts.indices where parts[index].maneuver.role.isConfirmation {
            guard let held = parts[index].held, held.segment.ack.isAtOrBefore(ack) else { continue }
            parts[index].held = nil
            parts[index].isOver = true
        }
    }

    /// The peer's FIN has come.
    mutating func peerCloses() {
        peerHasClosed = true
    }

    /// The next segment that was kept back long enough.
    mutating func release(at now: Instant) -> Released? {
        for index in parts.indices {
            guard let held = parts[index].held, let moment = moment(of: parts[index]), moment.at <= now else {
                continue
            }
            parts[index].held = nil
            parts[index].isOver = true
            if parts[index].maneuver.role == .fin { ourFinLeft = now }
            var released = Released(segment: held.segment, meetsPeerFin: moment.isPeerFin, reason: moment.reason)
            if case .hold(.peerFin(let limit)) = parts[index].maneuver.move, !moment.isPeerFin {
                released.missesPeerFin = limit
            }
            return released
        }
        return nil
    }

    /// When `release(at:)` is to be asked again if nothing happens.
    var nextTimeout: Instant? {
        parts.compactMap { moment(of: $0)?.at }.min()
    }

    /// When what a part keeps back is to leave, and why; nil when that depends on something that has not happened.
    private func moment(of part: Part) -> (at: Instant, reason: String, isPeerFin: Bool)? {
        guard let held = part.held, case .hold(let release) = part.maneuver.move else { return nil }
        switch release {
        case .ourFin(let wait): return ourFinLeft.map { ($0 + wait, "our FIN has overtaken it", false) }
        case .peerFin(let limit):
            return peerHasClosed
                ? (held.since, "the peer's FIN is here", true)
                : (held.since + limit, "the peer did not close within \(limit.text)", false)
        case .peerSilence(let limit):
            let silence = max(Self.leastSilence, (held.interval ?? .zero) * 2.5)
            let stopped = held.latest + silence
            return stopped < held.since + limit
                ? (stopped, "the peer has not asked for it again in \(silence.text)", false)
                : (held.since + limit, "it was withheld for \(limit.text)", false)
        }
    }
}

extension Maneuver.Role {
    /// True for a segment that does nothing but confirm.
    fileprivate var isConfirmation: Bool { self == .handshakeAck || self == .lastAck }
}
