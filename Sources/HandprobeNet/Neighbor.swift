internal import CLinuxNet
internal import CPcap
internal import Glibc
internal import HandprobeTCP
internal import HandprobeWire

/// The kernel's table of neighbours.
enum Neighbor {
    /// The hardware address of a neighbour on an interface; nil when the kernel does not know it.
    static func hardwareAddress(of address: IPAddress, on interface: UInt32) throws(SystemError) -> [UInt8]? {
        let netlink = try NetlinkSocket()
        let request = request(UInt16(RTM_GETNEIGH), for: address, on: interface)
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

    /// Asks the kernel to find a neighbour it does not know, and waits for it, a second at most.
    ///
    /// The kernel takes that from holders of CAP_NET_ADMIN only; for others, and when nobody answers, nothing changes.
    static func seek(_ address: IPAddress, on interface: UInt32) {
        let flags = UInt16(NLM_F_CREATE) | UInt16(NLM_F_ACK)
        let request = request(
            UInt16(RTM_NEWNEIGH), flags: flags, for: address, on: interface, neighborFlags: UInt8(NTF_USE))
        let deadline = Instant.now + .seconds(1)
        do throws(SystemError) {
            guard try hardwareAddress(of: address, on: interface) == nil else { return }
            _ = try NetlinkSocket().ask(request, to: "look for neighbour \(address)")
            while try hardwareAddress(of: address, on: interface) == nil, Instant.now < deadline {
                poll(nil, 0, 5)
            }
        } catch {
            // Without the right the neighbour stays unknown, and sending to it says so.
            return
        }
    }

    private static func request(
        _ type: UInt16,
        flags: UInt16 = 0,
        for address: IPAddress,
        on interface: UInt32,
        neighborFlags: UInt8 = 0
    ) -> NetlinkRequest {
        // struct ndmsg: family, padding, interface, state, flags, type.
        let fixed = [UInt8(address.family.domain), 0, 0, 0] + NetlinkRequest.octets(of: interface)
        var request = NetlinkRequest(type: type, flags: flags, fixedPart: fixed + [0, 0, neighborFlags, 0])
        request.add(Int(NDA_DST), address.octets)
        return request
    }
}
