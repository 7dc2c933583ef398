internal import CLinuxNet
internal import CPcap
internal import Glibc

extension NetworkInterface {
    /// The interface called `name`, or nil when there is none.
    public static func named(_ name: String) throws(SystemError) -> NetworkInterface? {
        let netlink = try NetlinkSocket()
        return try lookup(index: 0, name: name, over: netlink)
    }

    /// The interface with an index, or nil when there is none.
    public static func at(index: UInt32) throws(SystemError) -> NetworkInterface? {
        let netlink = try NetlinkSocket()
        return try lookup(index: index, name: nil, over: netlink)
    }

    static func lookup(
        index: UInt32,
        name: String?,
        over netlink: borrowing NetlinkSocket
    ) throws(SystemError) -> NetworkInterface? {
        guard let reply = try ask(index: index, name: name, over: netlink) else { return nil }
        guard let name = reply.text(Int(IFLA_IFNAME)),
            let hardwareType = NetlinkReply.number(in: reply.fixedPart, at: 2, as: UInt16.self),
            let index = NetlinkReply.number(in: reply.fixedPart, at: 4, as: UInt32.self),
            let flags = NetlinkReply.number(in: reply.fixedPart, at: 8, as: UInt32.self)
        else { return nil }
        func has(_ flag: Int) -> Bool { flags & UInt32(truncatingIfNeeded: flag) != 0 }
        let isLoopback = has(Int(IFF_LOOPBACK.rawValue))
        var vrf = kind(of: reply) == "vrf" ? name : nil
        if vrf == nil, let master = reply.uint32(Int(IFLA_MASTER)),
            let masterReply = try ask(index: master, name: nil, over: netlink), kind(of: masterReply) == "vrf"
        {
            vrf = masterReply.text(Int(IFLA_IFNAME))
        }
        return NetworkInterface(
            name: name,
            index: index,
            maximumTransmissionUnit: reply.uint32(Int(IFLA_MTU)).map { Int($0) } ?? 0,
            isUp: has(Int(IFF_UP.rawValue)),
            hasCarrier: has(Int(LINUX_IFF_LOWER_UP)),
            isLoopback: isLoopback,
            usesNeighbors: !isLoopback && !has(Int(IFF_NOARP.rawValue)) && hardwareType == UInt16(ARPHRD_ETHER),
            hardwareType: hardwareType,
            hardwareAddress: reply.attributes[Int(IFLA_ADDRESS)] ?? [],
            vrf: vrf
        )
    }

    private static func ask(
        index: UInt32,
        name: String?,
        over netlink: borrowing NetlinkSocket
    ) throws(SystemError) -> NetlinkReply? {
        // struct ifinfomsg: family, padding, type, index, flags, change.
        let fixed = [0, 0, 0, 0] + NetlinkRequest.octets(of: index) + [0, 0, 0, 0, 0, 0, 0, 0]
        var request = NetlinkRequest(type: UInt16(RTM_GETLINK), flags: 0, fixedPart: fixed)
        if let name {
            // A name too long for the kernel (IFNAMSIZ) is the name of nothing.
            guard (1..<16).contains(name.utf8.count) else { return nil }
            request.add(Int(IFLA_IFNAME), Array(name.utf8) + [0])
        }
        do {
            return try netlink.ask(request, to: "look up interface \(name ?? String(index))")
        } catch  where error.errno == ENODEV {
            return nil
        }
    }

    private static func kind(of reply: NetlinkReply) -> String? {
        guard let info = reply.attributes[Int(IFLA_LINKINFO)],
            let kind = NetlinkReply.attributes(in: info[...])[Int(IFLA_INFO_KIND)]
        else { return nil }
        return String(decoding: kind.prefix { $0 != 0 }, as: UTF8.self)
    }
}
