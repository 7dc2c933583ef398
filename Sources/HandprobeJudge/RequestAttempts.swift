/// The attempts of a request in order. Most are made once, so that the first takes no storage of its own.
struct RequestAttempts: Hashable, Sendable, RandomAccessCollection {
    private var earliest: RequestLog.Attempt?
    private var later: [RequestLog.Attempt] = []

    var startIndex: Int { 0 }
    var endIndex: Int { earliest == nil ? 0 : later.count + 1 }

    subscript(place: Int) -> RequestLog.Attempt {
        if place == 0, let earliest { return earliest }
        return later[place - 1]
    }

    mutating func append(_ attempt: RequestLog.Attempt) {
        if earliest == nil { earliest = attempt } else { later.append(attempt) }
    }
}
