internal import CLinuxNet
internal import CPcap
internal import Glibc
internal import HandprobeWire

/// The kernel's table of neighbours.
enum Neighbor {
    /// The hardware address of a neighbour on an interface; nil when the kernel does not know it.
    static func hardwareAddress(of address: IPAddress, on interface: UInt32) throws(SystemError) -> [UInt8]? {
        let netlink = try NetlinkSocket()
        // struct ndmsg: family, padding, interface, state, flags, type.
        let fixed = [UInt8(address.family.domain), 0, 0, 0] + NetlinkRequest.octets(of: interface) + [0, 0, 0, 0]
        var request = NetlinkRequest(type: UInt16(RTM_GETNEIGH), flags: 0, fixedPart: fixed)
        request.add(Int(NDA_DST), address.octets)
        do {
            guard let reply = try netlink.ask(request, to: "look up neighbour \(address)"),
                let state = NetlinkReply.number(in: reply.fixedPart, at: 8, as: UInt16.self),
                Int32(state) & Int32(NUD_INCOMPLETE | NUD_FAILED) == 0
            else { return nil }
            return reply.attributes[Int(NDA_LLADDR)]
        } catch  where error.errno == ENOENT {
            return nil
        }
    }
}
