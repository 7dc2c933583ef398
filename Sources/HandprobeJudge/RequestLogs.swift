/// The log of each of the four requests.
struct RequestLogs: Hashable, Sendable {
    private var ourSyn = RequestLog()
    private var theirSyn = RequestLog()
    private var ourFin = RequestLog()
    private var theirFin = RequestLog()

    subscript(kind: RequestKind) -> RequestLog {
        _read {
            switch kind {
            case .ourSyn: yield ourSyn
            case .theirSyn: yield theirSyn
            case .ourFin: yield ourFin
            case .theirFin: yield theirFin
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
