public import HandprobeWire

/// Why a name gives no address to probe.
public enum ResolveError: Error, Hashable, Sendable {
    /// No such host, in the resolver's words.
    case unknownHost(String, reason: String)
    /// The name servers could not be asked just now.
    case temporaryFailure(String, reason: String)
    /// The host has addresses, but none of the family asked for.
    case noAddress(String, family: IPAddress.Family)
    /// It is no address, and names were not to be looked up.
    case notNumeric(String)
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
        case .notNumeric(let host):
            "\(host) is no address, and names are not looked up with -n"
        case .unknownScope(let host, let scope):
            "\(host) names the interface \(scope), which this host does not have; `ip link` lists those it has"
        }
    }
}
