import HandprobeTCP

/// Which conversation wants to be called when: a binary heap with one valid entry a conversation.
///
/// Setting a conversation's time again leaves the old entry in the heap; it is passed over when it comes up.
struct TimerQueue {
    private struct Entry {
        var instant: Instant
        var id: ConversationID
    }

    private var heap: [Entry] = []
    private var wanted: [ConversationID: Instant] = [:]

    /// The earliest moment that anybody wants.
    mutating func next() -> Instant? {
        discardStale()
        return heap.first?.instant
    }

    /// Sets, moves or, with nil, removes a conversation's moment.
    mutating func set(_ instant: Instant?, for id: ConversationID) {
        guard wanted[id] != instant else { return }
        wanted[id] = instant
        if let instant { push(Entry(instant: instant, id: id)) }
    }

    /// Removes and returns a conversation whose moment has come.
    mutating func popDue(at now: Instant) -> ConversationID? {
        discardStale()
        guard let first = heap.first, first.instant <= now else { return nil }
        pop()
        wanted[first.id] = nil
        return first.id
    }

    private mutating func discardStale() {
        while let first = heap.first, wanted[first.id] != first.instant { pop() }
    }

    private mutating func push(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].instant < heap[parent].instant else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func pop() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].instant < heap[smallest].instant { smallest = child }
            }
            guard smallest != parent else { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
