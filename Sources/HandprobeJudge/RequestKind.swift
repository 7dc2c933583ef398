/// The four requests of a connection. Each end asks to open and asks to close, and each request wants a confirmation.
public enum RequestKind: String, Hashable, Sendable, CaseIterable {
    case ourSyn = "our SYN"
    case theirSyn = "their SYN"
    case ourFin = "our FIN"
    case theirFin = "their FIN"
}
