public import HandprobeWire

/// Why a name gives no address to probe.
public enum ResolveError: Error, Hashable, Sendable {
    /// No such host, in the resolver's words.
    case unknownHost(String, reason: String)
    /// The name servers could not be asked just now.
    case temporaryFailure(String, reason: String)
    /// The host has addresses, but none of the family asked for.
    case noAddress(String, family: IPAddress.Family)
    /// An address, and not of the family asked for.
    case otherFamily(IPAddress, family: IPAddress.Family)
    /// It is no address, and names were not to be looked up.
    case notNumeric(String)
    /// It is no address and not in /etc/hosts, and no name server was to be asked.
    case notInHosts(String)
    /// The part after `%` is no interface of this host.
    case unknownScope(String, scope: String)
}

extension ResolveError: CustomStringConvertible {
    /// One sentence: what is wrong, and what to try.
    public var description: String {
        switch self {
        case .unknownHost(let host, let reason):
            "unknown host \(host): \(reason)"
        case .temporaryFailure(let host, let reason):
            "cannot look up \(host) just now: \(reason); try again, or give an address"
        case .noAddress(let host, let family):
            "\(host) has no \(family.name) address"
        case .otherFamily(let address, let family):
            "\(address) is \(address.family.name), and \(family == .v4 ? "-4" : "-6") asks for \(family.name)"
        case .notNumeric(let host):
            "\(host) is no address, and names are not looked up with -n"
        case .notInHosts(let host):
            "\(host) is no address and not in /etc/hosts, and a dry run asks no name server; give an address"
        case .unknownScope(let host, let scope):
            "\(host) names the interface \(scope), which this host does not have; `ip link` lists those it has"
        }
    }
}
