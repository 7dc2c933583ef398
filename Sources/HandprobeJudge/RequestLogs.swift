/// The log of each of the four requests.
struct RequestLogs: Hashable, Sendable {
    private var ourSyn = RequestLog()
    private var theirSyn = RequestLog()
    private var ourFin = RequestLog()
    private var theirFin = RequestLog()

    subscript(kind: RequestKind) -> RequestLog {
        // Not `_read`, which allocates for a value of this size.
        @inline(__always) get {
            switch kind {
            case .ourSyn: ourSyn
            case .theirSyn: theirSyn
            case .ourFin: ourFin
            case .theirFin: theirFin
            }
        }
        _modify {
            switch kind {
            case .ourSyn: yield &ourSyn
            case .theirSyn: yield &theirSyn
            case .ourFin: yield &ourFin
            case .theirFin: yield &theirFin
            }
        }
    }
}
