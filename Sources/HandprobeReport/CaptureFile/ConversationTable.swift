/// The connections of a capture file that are being looked at: at most so many.
///
/// When there is no room, those that are over go first, the one that ended first before the others; then one that had no
/// frame for long (a hand goes round and passes those that had one since it came by).
struct ConversationTable {
    let most: Int
    private var recorded: [Int: Int] = [:]
    private var sockets = PlaceIndex()
    /// Those at the places in use, and what was at the others.
    var conversations: [Conversation] = []
    private var isUsed: [Bool] = []
    private var free: [Int] = []
    private var hand = 0
    /// Those that are over, by their end, and all of them, by their beginning; some of them gone meanwhile.
    private var over = Queue()
    private var begun = Queue()

    /// Places in the order in which something happened there.
    private struct Queue: Sendable {
        private var entries: [(place: Int, number: Int)] = []
        private var start = 0

        mutating func append(_ place: Int, _ number: Int) { entries.append((place, number)) }

        var first: (place: Int, number: Int)? { start < entries.count ? entries[start] : nil }

        /// The first place where the same conversation still is; what is before it is forgotten.
        mutating func first(of conversations: [Conversation], _ isUsed: [Bool]) -> Int? {
            while let (place, number) = first {
                if isUsed[place], conversations[place].number == number { return place }
                removeFirst()
            }
            return nil
        }

        mutating func removeFirst() {
            start += 1
            guard start > 4096, start * 2 > entries.count else { return }
            entries.removeFirst(start)
            start = 0
        }
    }

    init(most: Int) {
        self.most = max(1, most)
    }

    func place(of key: Conversation.Key) -> Int? {
        switch key {
        case .recorded(let number): recorded[number]
        case .sockets(let flow): sockets.place(flow.digest) { conversations[$0].isNamed(by: flow) }
        }
    }

    var isFull: Bool { conversations.count - free.count >= most }

    /// Adds a conversation, for which there must be room.
    mutating func insert(_ conversation: Conversation) -> Int {
        let place: Int
        if let last = free.popLast() {
            place = last
            conversations[place] = conversation
            isUsed[place] = true
        } else {
            place = conversations.count
            conversations.append(conversation)
            isUsed.append(true)
        }
        switch conversation.key {
        case .recorded(let number): recorded[number] = place
        case .sockets(let flow): sockets.insert(place, flow.digest)
        }
        begun.append(place, conversation.number)
        return place
    }

    mutating func remove(at place: Int) -> Conversation {
        let conversation = conversations[place]
        conversations[place].leave()
        isUsed[place] = false
        switch conversation.key {
        case .recorded(let number): recorded[number] = nil
        case .sockets(let flow): sockets.remove(place, flow.digest)
        }
        free.append(place)
        return conversation
    }

    /// Takes note that a conversation is over now.
    mutating func noteOver(at place: Int) { over.append(place, conversations[place].number) }

    /// The conversation that has been over for longest.
    mutating func firstOver() -> Int? { over.first(of: conversations, isUsed) }

    /// The conversation that has been there for longest.
    mutating func firstBegun() -> Int? { begun.first(of: conversations, isUsed) }

    /// Puts the conversation that has been over for longest behind the others.
    mutating func postponeFirstOver() {
        guard let (place, number) = over.first else { return }
        over.removeFirst()
        over.append(place, number)
    }

    /// One that had no frame for long; there must be one at all.
    mutating func idle() -> Int {
        while true {
            hand = hand + 1 < conversations.count ? hand + 1 : 0
            guard isUsed[hand] else { continue }
            guard conversations[hand].isRecent else { return hand }
            conversations[hand].isRecent = false
        }
    }

    /// All of them, by number.
    var all: [Int] {
        conversations.indices.filter { isUsed[$0] }.sorted { conversations[$0].number < conversations[$1].number }
    }
}
