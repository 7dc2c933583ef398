import HandprobeEngine
import HandprobeTCP

/// Shows what one of several conversations waits for: the first one that has no result yet.
struct CrowdProgress {
    private var awaited: Set<ConversationID> = []
    private var known: Set<ConversationID> = []

    /// A conversation waits; `name` says which one it is, where there can be others.
    mutating func show(_ waiting: Waiting, of id: ConversationID, named name: String?, at now: Instant) {
        awaited.insert(id)
        let order = { [known] (id: ConversationID) in (known.contains(id) ? 1 : 0, id.number) }
        guard awaited.min(by: { order($0) < order($1) }) == id else { return }
        guard let line = ProgressText.line(waiting, at: now, of: name) else { return Console.eraseProgress() }
        Console.showProgress(line)
    }

    /// The result of a conversation is known.
    mutating func settle(_ id: ConversationID) { known.insert(id) }

    /// A conversation is over.
    mutating func end(_ id: ConversationID) {
        awaited.remove(id)
        known.remove(id)
    }
}
