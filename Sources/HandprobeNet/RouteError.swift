public import HandprobeWire

/// Why no packet can be sent to a destination from here.
public enum RouteError: Error, Hashable, Sendable {
    /// The routing table has nothing for it.
    case noRoute(IPAddress)
    /// A route says "unreachable".
    case unreachable(IPAddress)
    /// A route says "prohibit".
    case prohibited(IPAddress)
    /// A route says "blackhole".
    case blackhole(IPAddress)
    /// It is a broadcast address: TCP has no meaning there (RFC 9293 §3.9.2.3).
    case broadcast(IPAddress)
    /// It is a multicast address: TCP has no meaning there (RFC 9293 §3.9.2.3).
    case multicast(IPAddress)
    /// It is 0.0.0.0 or ::, which is no host.
    case unspecified(IPAddress)
    /// It is link-local, and which link is not said.
    case missingScope(IPAddress)
    /// There is no interface of that name.
    case noSuchInterface(String)
    /// The interface exists but has not been brought up.
    case interfaceDown(String)
    /// The interface is up but nothing is connected to it.
    case noCarrier(String)
    /// The source is not an address of this host.
    case sourceNotOurs(IPAddress)
    /// Source and destination are of different families.
    case familyMismatch(source: IPAddress, destination: IPAddress)
    /// This host has no address to use towards the destination.
    case noSource(for: IPAddress)
    /// The kernel could not be asked.
    case system(SystemError)
}

extension RouteError: CustomStringConvertible {
    /// One sentence: what is wrong, and what to try.
    public var description: String {
        switch self {
        case .noRoute(let address):
            "no route to \(address); see `ip route get \(address)`, and whether the interface towards it is up"
        case .unreachable(let address):
            "a route of this host declares \(address) unreachable; see `ip route get \(address)`"
        case .prohibited(let address):
            "a route or rule of this host prohibits \(address); see `ip route get \(address)`"
        case .blackhole(let address):
            "a route of this host is a blackhole for \(address); see `ip route get \(address)`"
        case .broadcast(let address):
            "\(address) is a broadcast address; TCP needs one host"
        case .multicast(let address):
            "\(address) is a multicast address; TCP needs one host"
        case .unspecified(let address):
            "\(address) is no host; use the address of one"
        case .missingScope(let address):
            "\(address) is link-local, so the interface must be said: \(address)%INTERFACE, or -I INTERFACE"
        case .noSuchInterface(let name):
            "there is no interface \(name); `ip link` lists them"
        case .interfaceDown(let name):
            "interface \(name) is down; `ip link set \(name) up` would bring it up"
        case .noCarrier(let name):
            "interface \(name) is up but nothing is connected to it (no carrier)"
        case .sourceNotOurs(let address):
            "\(address) is not an address of this host; `ip address` lists those that are"
        case .familyMismatch(let source, let destination):
            "source \(source) is \(source.family.name) and destination \(destination) is \(destination.family.name)"
        case .noSource(let address):
            "this host has no \(address.family.name) address to reach \(address) from; say one with --source"
        case .system(let error):
            error.description
        }
    }
}
