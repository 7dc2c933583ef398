import HandprobeJudge
import HandprobeTCP

extension Engine {
    /// When to tell next what is waited for; nil when nobody wants to know, so that nothing is woken up for it.
    var nextTelling: Instant? {
        guard let interval = observer.progressInterval, !conversations.isEmpty else { return nil }
        return lastTelling.map { $0 + interval } ?? transport.now + interval
    }

    /// Tells the observer what each conversation waits for, no more often than it wants to hear it.
    func tellWaiting() {
        guard let interval = observer.progressInterval else { return }
        let now = transport.now
        for (id, conversation) in conversations {
            let wait = conversation.held == nil ? conversation.driver.wait : nil
            if wait?.what != conversation.waitsFor?.what {
                conversations[id]?.waitsFor = wait.map { ($0.what, now) }
            }
        }
        guard lastTelling.map({ now.since($0) >= interval }) ?? true else { return }
        lastTelling = now
        for (id, conversation) in conversations {
            guard conversation.held == nil, let wait = conversation.driver.wait,
                let until = conversation.driver.nextTimeout, let since = conversation.waitsFor?.since
            else { continue }
            observer.waits(Waiting(what: wait.what, since: since, until: until, next: wait.next), of: id, at: now)
        }
    }
}
