import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// One event as a drawing shows it: between the lifelines, beside them, and as a sentence for who cannot see it.
struct LadderItem: Sendable {
    /// What is drawn between the lifelines.
    enum Shape: Hashable, Sendable {
        /// An arrow from one end to the other.
        case arrow(Direction, Line)
        /// An arrow that begins between the ends: an error of a host on the way.
        case fromBetween
        /// The beginning or the end of an arrow, which was seen nowhere else.
        case stub(Direction)
        /// A line across both lifelines: nothing went from one to the other.
        case incident
    }

    enum Direction: Hashable, Sendable { case right, left }

    /// How an arrow is drawn; never by its colour alone.
    enum Line: Hashable, Sendable {
        case plain
        /// A request that was not confirmed, at least not this attempt.
        case unconfirmed
        /// Shown and not believed, or not fit to be read.
        case disregarded
        /// Made by this machine's kernel.
        case kernels
    }

    /// A request, by its number in the ledger.
    enum Badge: Hashable, Sendable { case request(RequestKind), confirmation(RequestKind) }

    var index: Int
    var time: Timestamp
    var shape: Shape
    var origin: Origin?
    var ink: Ink
    /// The segment's notation, or what happened.
    var text: SegmentText?
    var clause: String
    /// What it does.
    var remarks: [SideRemark]
    var badges: [Badge]
    /// How far the wall clock was stepped here; nil where it was not.
    var clockStep: Duration?
    /// Our state where this event changes it; nil where it does not.
    var ourState: String?
    /// The peer's state where this event changes it, or lets it be known.
    var peerState: String?

    /// The events of a conversation, drawn as its verdict sees them.
    static func all(of conversation: HTMLConversation) -> [LadderItem] {
        var (ours, theirs): (ConnectionState?, ConnectionState?) = (nil, nil)
        return conversation.entries.map { entry in
            var item = LadderItem(entry, conversation.verdict)
            if entry.reading.ourState != ours { item.ourState = entry.reading.ourState.rawValue }
            if let state = entry.reading.peerState, state != theirs { item.peerState = state.rawValue }
            ours = entry.reading.ourState
            theirs = entry.reading.peerState ?? theirs
            return item
        }
    }

    private init(_ entry: HTMLConversation.Entry, _ verdict: Verdict?) {
        let (event, reading) = (entry.event, entry.reading)
        index = entry.index
        time = event.time
        ink = EventText.ink(event.kind)
        clause = EventText.clause(event.kind) ?? ""
        remarks = SideRemark.all(for: event, reading, index: entry.index, style: .document)
        badges = Self.badges(reading, index: entry.index, verdict)
        shape = .incident
        switch event.kind {
        case .segment(let observed):
            origin = observed.origin
            ink = observed.origin == .kernel ? .bad : observed.origin.isHere ? .us : .peer
            text = SegmentText(observed.segment, relativeTo: entry.base)
            shape = .arrow(observed.origin.isHere ? .right : .left, Self.line(observed, reading, verdict))
        case .icmpError(let observed):
            origin = observed.origin
            if case .router = observed.origin { shape = .fromBetween } else { shape = .arrow(.left, .plain) }
        case .sendFailure, .notSeenLeaving: shape = .stub(.right)
        case .answerElsewhere: shape = .stub(.left)
        case .clockStepped(let step): clockStep = step
        default: break
        }
    }

    private static func badges(_ reading: Reading, index: Int, _ verdict: Verdict?) -> [Badge] {
        let requests = reading.meanings.compactMap { meaning -> Badge? in
            if case .requests(let kind, _) = meaning { .request(kind) } else { nil }
        }
        let confirmed = RequestKind.allCases.filter { verdict?.ledger[$0].confirmedBy == index }
        return requests + confirmed.map(Badge.confirmation)
    }

    private static func line(_ observed: ObservedSegment, _ reading: Reading, _ verdict: Verdict?) -> Line {
        if observed.origin == .kernel { return .kernels }
        if observed.flaw != nil { return .disregarded }
        for meaning in reading.meanings {
            switch meaning {
            case .isDisregarded: return .disregarded
            case .requests(let kind, let attempt):
                guard let record = verdict?.ledger[kind] else { continue }
                if record.confirmedAt == nil { return .unconfirmed }
                if let credited = record.creditedAttempt, credited != attempt { return .unconfirmed }
            default: continue
            }
        }
        return .plain
    }

    /// Who made it, as a list names them; nil for what nobody made.
    var who: String? {
        switch origin {
        case .us: "us →"
        case .peer: "peer →"
        case .router: "router"
        case .kernel: "kernel →"
        case nil: nil
        }
    }

    /// Notation or clause as one line.
    var subject: String { text?.lines(columns: .max, full: false, ellipsis: "…").joined(separator: " ") ?? clause }

    /// How a line that is not plain is to be understood.
    var note: String? {
        guard case .arrow(_, let line) = shape else { return nil }
        return switch line {
        case .unconfirmed: "this attempt was not confirmed"
        case .plain, .disregarded, .kernels: nil
        }
    }

    /// The whole event in one sentence.
    func sentence(since start: Timestamp) -> String {
        let parts = [subject] + remarks.flatMap(\.clauses) + [note].compactMap(\.self) + states
        return "\(DurationText.moment(time.since(start))): \(who.map { $0 + " " } ?? "")"
            + parts.joined(separator: "; ")
    }

    /// The states that it changes, in words.
    var states: [String] {
        [ourState.map { "we are \($0)" }, peerState.map { "the peer is \($0)" }].compactMap(\.self)
    }
}

extension TextStyle {
    /// How text looks in a document, which has room for it.
    static let document = TextStyle(width: unlimited)
}

extension RequestKind {
    /// Its place in the ledger, from 1.
    var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }
}
