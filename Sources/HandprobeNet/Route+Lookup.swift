internal import CLinuxNet
internal import CPcap
internal import Glibc
public import HandprobeWire

extension Route {
    /// Asks the kernel how a TCP segment for `destination` would leave, by policy routing, VRF and all.
    ///
    /// `source` must be an address of this host; `interface` forces the packets out of one. A destination's scope of 0
    /// means none is known; link-local destinations need one, or `interface`.
    public static func lookup(
        to destination: SocketAddress,
        from source: IPAddress? = nil,
        sourcePort: UInt16 = 0,
        interface name: String? = nil
    ) throws(RouteError) -> Route {
        let address = destination.address
        if address.isMulticast { throw .multicast(address) }
        if address.isLimitedBroadcast { throw .broadcast(address) }
        if address.isUnspecified { throw .unspecified(address) }
        if let source, source.family != address.family {
            throw .familyMismatch(source: source, destination: address)
        }
        do {
            let netlink = try NetlinkSocket()
            let forced = try forcedInterface(name, for: destination, over: netlink)
            let index = forced?.index ?? 0
            if let source, try !isOurs(source, on: index, over: netlink) { throw RouteError.sourceNotOurs(source) }
            let query = Query(destination: destination, source: source, sourcePort: sourcePort, interface: index)
            return try route(query, isForced: name != nil, over: netlink)
        } catch let error as RouteError {
            throw error
        } catch let error as SystemError {
            throw refusal(error, for: address)
        } catch {
            throw .noRoute(address)
        }
    }

    /// True when `address` is one of this host's own.
    public static func isOurs(_ address: IPAddress, scope: UInt32 = 0) throws(SystemError) -> Bool {
        let netlink = try NetlinkSocket()
        return try isOurs(address, on: scope, over: netlink)
    }

    private struct Query {
        var destination: SocketAddress
        var source: IPAddress?
        var sourcePort: UInt16 = 0
        var interface: UInt32
    }

    private static func forcedInterface(
        _ name: String?,
        for destination: SocketAddress,
        over netlink: borrowing NetlinkSocket
    ) throws -> NetworkInterface? {
        let found: NetworkInterface
        if let name {
            guard let named = try NetworkInterface.lookup(index: 0, name: name, over: netlink) else {
                throw RouteError.noSuchInterface(name)
            }
            if destination.scope != 0, destination.scope != named.index {
                throw RouteError.noRoute(destination.address)
            }
            found = named
        } else if destination.scope != 0 {
            guard let scoped = try NetworkInterface.lookup(index: destination.scope, name: nil, over: netlink) else {
                throw RouteError.noSuchInterface("with index \(destination.scope)")
            }
            found = scoped
        } else if destination.address.isLinkLocal {
            throw RouteError.missingScope(destination.address)
        } else {
            return nil
        }
        try found.requireRunning()
        return found
    }

    private static func isOurs(
        _ address: IPAddress,
        on interface: UInt32,
        over netlink: borrowing NetlinkSocket
    ) throws(SystemError) -> Bool {
        if address.isUnspecified || address.isMulticast { return false }
        if !address.isLinkLocal, try isLocal(address, on: 0, over: netlink) { return true }
        // An address inside a VRF is found only by way of its interface.
        return interface == 0 ? false : try isLocal(address, on: interface, over: netlink)
    }

    private static func isLocal(
        _ address: IPAddress,
        on interface: UInt32,
        over netlink: borrowing NetlinkSocket
    ) throws(SystemError) -> Bool {
        let query = Query(destination: SocketAddress(address, port: 0), source: nil, interface: interface)
        do {
            guard let reply = try ask(query, over: netlink), reply.fixedPart.count > 7 else { return false }
            return reply.fixedPart[7] == UInt8(RTN_LOCAL)
        } catch  where [ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL, EAGAIN, ENODEV].contains(error.errno) {
            return false
        }
    }

    private static func ask(_ query: Query, over netlink: borrowing NetlinkSocket) throws(SystemError) -> NetlinkReply?
    {
        let address = query.destination.address
        let width: UInt8 = address.family == .v4 ? 32 : 128
        // struct rtmsg: family, destination and source length, TOS, table, protocol, scope, type, flags.
        let fixed = [UInt8(address.family.domain), width, query.source == nil ? 0 : width, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        var request = NetlinkRequest(type: UInt16(RTM_GETROUTE), flags: 0, fixedPart: fixed)
        request.add(Int(RTA_DST.rawValue), address.octets)
        if let source = query.source { request.add(Int(RTA_SRC.rawValue), source.octets) }
        if query.interface != 0 { request.add(Int(RTA_OIF.rawValue), query.interface) }
        request.add(Int(RTA_IP_PROTO.rawValue), UInt8(IPPROTO_TCP))
        if query.sourcePort != 0 { request.add(Int(RTA_SPORT.rawValue), query.sourcePort.bigEndian) }
        if query.destination.port != 0 { request.add(Int(RTA_DPORT.rawValue), query.destination.port.bigEndian) }
        return try netlink.ask(request, to: "look up the route to \(address)")
    }

    private static func route(
        _ query: Query,
        isForced: Bool,
        over netlink: borrowing NetlinkSocket
    ) throws -> Route {
        let address = query.destination.address
        guard let reply = try ask(query, over: netlink), reply.fixedPart.count > 7 else {
            throw RouteError.noRoute(address)
        }
        switch Int(reply.fixedPart[7]) {
        case RTN_UNICAST, RTN_LOCAL: break
        case RTN_BROADCAST: throw RouteError.broadcast(address)
        case RTN_MULTICAST: throw RouteError.multicast(address)
        case RTN_BLACKHOLE: throw RouteError.blackhole(address)
        case RTN_UNREACHABLE: throw RouteError.unreachable(address)
        case RTN_PROHIBIT: throw RouteError.prohibited(address)
        default: throw RouteError.noRoute(address)
        }
        guard let index = reply.uint32(Int(RTA_OIF.rawValue)),
            let interface = try NetworkInterface.lookup(index: index, name: nil, over: netlink)
        else { throw RouteError.noRoute(address) }
        try interface.requireRunning()
        let preferred = reply.attributes[Int(RTA_PREFSRC.rawValue)].flatMap(IPAddress.init(octets:))
        guard let source = query.source ?? preferred, !source.isUnspecified else {
            throw RouteError.noSource(for: address)
        }
        let metrics = NetlinkReply.attributes(in: (reply.attributes[Int(RTA_METRICS.rawValue)] ?? [])[...])
        func metric(_ type: UInt32) -> Int? {
            guard let octets = metrics[Int(type)], let value = NetlinkReply.number(in: octets, at: 0, as: UInt32.self),
                value != 0
            else { return nil }
            return Int(value)
        }
        return Route(
            destination: address,
            interface: interface,
            source: source,
            nextHop: nextHop(in: reply),
            maximumTransmissionUnit: metric(UInt32(RTAX_MTU)) ?? interface.mtu(for: address.family),
            advertisedMSS: metric(UInt32(RTAX_ADVMSS)).flatMap { UInt16(exactly: $0) },
            hopLimit: metric(UInt32(RTAX_HOPLIMIT)).flatMap { UInt8(exactly: $0) },
            isLocal: Int(reply.fixedPart[7]) == RTN_LOCAL,
            isInterfaceForced: isForced
        )
    }

    private static func nextHop(in reply: NetlinkReply) -> IPAddress? {
        if let gateway = reply.attributes[Int(RTA_GATEWAY.rawValue)] { return IPAddress(octets: gateway) }
        // struct rtvia: family and address; an IPv4 route over an IPv6 router (RFC 5549).
        return reply.attributes[Int(RTA_VIA.rawValue)].flatMap { IPAddress(octets: Array($0.dropFirst(2))) }
    }

    private static func refusal(_ error: SystemError, for address: IPAddress) -> RouteError {
        switch error.errno {
        case ENETUNREACH, EAGAIN: .noRoute(address)
        case EHOSTUNREACH: .unreachable(address)
        case EACCES: .prohibited(address)
        // fib_props[RTN_BLACKHOLE].error is EINVAL, and nothing else in the request can draw that.
        case EINVAL: .blackhole(address)
        case ENETDOWN: .noRoute(address)
        default: .system(error)
        }
    }
}

extension NetworkInterface {
    /// Throws unless the interface is up and connected.
    func requireRunning() throws(RouteError) {
        if !isUp { throw .interfaceDown(name) }
        if !hasCarrier { throw .noCarrier(name) }
    }

    /// The MTU for one family: a router may have announced a smaller one for IPv6 (RFC 4861 §4.6.4).
    func mtu(for family: IPAddress.Family) -> Int {
        guard family == .v6, let announced = SystemFile.number("/proc/sys/net/ipv6/conf/\(name)/mtu") else {
            return maximumTransmissionUnit
        }
        return min(announced, maximumTransmissionUnit)
    }
}
