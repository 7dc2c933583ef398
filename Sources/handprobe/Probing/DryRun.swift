import ArgumentParser
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// Shows a crafted packet without sending it: without any privilege, without a route, and without asking a name server.
struct DryRun {
    let path: PathOptions
    let template: SegmentTemplate
    let key: SignatureKey?

    /// Stands for the free port that a live run takes.
    private static let port: UInt16 = 40000

    /// Prints the packet that would go to the first address of the target.
    func show(_ target: Target, style: TextStyle) throws {
        let (local, remote, route) = try ends(target)
        var template = template
        template.fillIn(towards: remote.address.family, along: route)
        if path.sourcePort == nil {
            Console.complain("source port \(Self.port) stands for the free one that a live run takes")
        }
        if let key { template.sign(with: key, from: local, to: remote) }
        let packet = template.packet(from: local, to: remote)
        Console.say(AnnotatedDump.lines(packet: packet, family: remote.address.family, style: style))
    }

    private func ends(_ target: Target) throws -> (local: SocketAddress, remote: SocketAddress, Route?) {
        let addresses = try HostResolver.resolveLocally(target.host, family: path.family, numericOnly: path.numeric)
        let port = path.sourcePort ?? Self.port
        var problem: RouteError?
        for address in addresses {
            do throws(RouteError) {
                let remote = SocketAddress(address.address, port: target.port, scope: address.scope)
                let route = try Route.lookup(
                    to: remote,
                    from: path.source,
                    sourcePort: path.sourcePort ?? 0,
                    interface: path.interface
                )
                return (route.local(port: port), route.remote(port: target.port), route)
            } catch {
                if error.exitCode == .usage { throw error }
                problem = problem ?? error
            }
        }
        let remote = SocketAddress(addresses[0].address, port: target.port, scope: addresses[0].scope)
        let source = path.source ?? Self.documentationAddress(remote.address.family)
        let reason = problem.map { "\($0)" } ?? "no route to \(remote.address)"
        Console.complain("a live run would fail: \(reason)")
        Console.complain("the packet is shown as from \(source)")
        return (SocketAddress(source, port: port), remote, nil)
    }

    /// An address that belongs to nobody (RFC 5737, RFC 3849).
    private static func documentationAddress(_ family: IPAddress.Family) -> IPAddress {
        switch family {
        case .v4: .v4(IPv4Address(0xC000_0201))
        case .v6: .v6(IPv6Address(0x2001_0DB8 << 96 | 0xFFFF))
        }
    }
}
