public import HandprobeJudge
public import HandprobeTCP

/// What a conversation waits for, since when, and when that is over or tried again.
public struct Waiting: Hashable, Sendable {
    /// What is waited for.
    public enum What: Hashable, Sendable {
        /// Something of the peer's.
        case answer(Event.Wait)
        /// A repetition of the peer's SYN-ACK, while our ACK of it is withheld.
        case repeatedSynAck
        /// The end of the time for which the connection is left alone.
        case silence
        /// A repetition of the peer's FIN, in case our last ACK was lost, or while it is withheld.
        case repeatedFin
    }

    /// What happens when nothing comes.
    public enum Next: Hashable, Sendable {
        /// We ask again, or give up.
        case attempt
        /// The wait ends.
        case end
    }

    /// What is waited for.
    public var what: What
    /// When the wait began.
    public var since: Instant
    /// Until when nothing else happens, if nothing comes.
    public var until: Instant
    /// What happens then.
    public var next: Next

    /// A wait from its parts.
    public init(what: What, since: Instant, until: Instant, next: Next) {
        self.what = what
        self.since = since
        self.until = until
        self.next = next
    }
}
