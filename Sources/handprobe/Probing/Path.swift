import HandprobeNet
import HandprobeTCP
import HandprobeWire

/// The way to one address of the target, guarded and ready to carry segments.
struct Path {
    /// What the person named.
    let target: Target
    /// How many addresses the name has.
    let addressCount: Int
    /// The kernel's route.
    let route: Route
    /// The peer's socket.
    let remote: SocketAddress
    /// What our SYN is a copy of, in a sentence; nil when it is none.
    var likeness: String?

    /// Every way to the target, in the order in which the resolver prefers them.
    ///
    /// An address without a route is passed over when another one has one.
    static func all(to target: Target, _ options: PathOptions) throws -> [Path] {
        let addresses = try HostResolver.resolve(target.host, family: options.family, numericOnly: options.numeric)
        var paths: [Path] = []
        var problem: (any Error)?
        for address in addresses {
            let remote = SocketAddress(address.address, port: target.port, scope: address.scope)
            do {
                let route = try Route.lookup(
                    to: remote,
                    from: options.source,
                    sourcePort: options.sourcePort ?? 0,
                    interface: options.interface
                )
                let path = Path(
                    target: target,
                    addressCount: addresses.count,
                    route: route,
                    remote: route.remote(port: target.port)
                )
                paths.append(path)
            } catch {
                problem = problem ?? error
            }
        }
        if paths.isEmpty, let problem { throw problem }
        return paths
    }

    /// Reserves and guards a port of ours towards the peer.
    func guardPort(_ port: UInt16?) throws -> PortGuard {
        let local = route.local(port: port ?? 0)
        if let port, port == remote.port, local.address == remote.address {
            throw SystemError(
                doing: "open a connection from \(local) to itself",
                call: "bind",
                errno: 0,
                reason: "both ends would be the same socket",
                advice: "choose another --source-port"
            )
        }
        return try PortGuard(local: local, peers: [remote.address], vrf: route.interface.vrf)
    }
}
