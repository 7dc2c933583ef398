public import HandprobeTCP
public import HandprobeWire

extension NetTransport {
    /// Looks at what could explain that `destination` is silent: asks the kernel for the next hop's link address, and whether
    /// the second witness watches.
    public func checkSilence(of destination: SocketAddress) -> SilenceCheck {
        SilenceCheck(
            nextHop: settings.routes.first { $0.destination == destination.address }.flatMap(Self.nextHop),
            watchesOtherInterfaces: witnesses.contains { $0.value.family == destination.address.family }
        )
    }

    private static func nextHop(along route: Route) -> SilenceCheck.NextHop? {
        guard route.interface.usesNeighbors, !route.isLocal else { return .notNeeded }
        do throws(SystemError) {
            let address = try Neighbor.hardwareAddress(
                of: route.nextHop ?? route.destination,
                on: route.interface.index
            )
            return address == nil ? .unresolved : .resolved
        } catch {
            // What cannot be looked up is not known.
            return nil
        }
    }
}
