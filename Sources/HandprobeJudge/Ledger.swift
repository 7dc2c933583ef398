/// What both ends asked and what each was told: the heart of every report.
public struct Ledger: Hashable, Sendable {
    /// Our request to open.
    public var ourSyn = RequestRecord()
    /// The peer's request to open.
    public var theirSyn = RequestRecord()
    /// Our request to close.
    public var ourFin = RequestRecord()
    /// The peer's request to close.
    public var theirFin = RequestRecord()

    /// A ledger in which nothing has happened.
    public init() {}

    /// The record of one request.
    public subscript(kind: RequestKind) -> RequestRecord {
        get {
            switch kind {
            case .ourSyn: ourSyn
            case .theirSyn: theirSyn
            case .ourFin: ourFin
            case .theirFin: theirFin
            }
        }
        set {
            switch kind {
            case .ourSyn: ourSyn = newValue
            case .theirSyn: theirSyn = newValue
            case .ourFin: ourFin = newValue
            case .theirFin: theirFin = newValue
            }
        }
    }
}
