/// The two ends of a connection, as its observer names them.
public enum End: Hashable, Sendable {
    case us, peer

    var other: End { self == .us ? .peer : .us }
    var syn: RequestKind { self == .us ? .ourSyn : .theirSyn }
    var fin: RequestKind { self == .us ? .ourFin : .theirFin }
}
