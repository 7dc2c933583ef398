internal import CLinuxNet
internal import CPcap
internal import Glibc

/// A route netlink socket: the kernel's tables of routes, interfaces and neighbours. Needs no privilege.
struct NetlinkSocket: ~Copyable {
    private let descriptor: Descriptor

    /// Opens one.
    init() throws(SystemError) {
        descriptor = try Descriptor.socket(AF_NETLINK, Int32(SOCK_RAW.rawValue), NETLINK_ROUTE, to: "ask for routes")
    }

    /// Sends one request and returns the first message that answers it; nil when the answer is empty.
    func ask(_ request: NetlinkRequest, to doing: @autoclosure () -> String) throws(SystemError) -> NetlinkReply? {
        let message = request.message
        try systemCall("send", to: doing()) {
            unsafe message.withUnsafeBytes { unsafe send(descriptor.number, $0.baseAddress, $0.count, 0) }
        }
        var buffer = [UInt8](repeating: 0, count: 32768)
        let count = try systemCall("recv", to: doing()) {
            unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor.number, $0.baseAddress, $0.count, 0) }
        }
        let header = 16
        guard let length = NetlinkReply.number(in: buffer, at: 0, as: UInt32.self).map(Int.init),
            let type = NetlinkReply.number(in: buffer, at: 4, as: UInt16.self),
            length >= header, length <= count
        else { return nil }
        let body = buffer[header..<length]
        if Int32(type) == NLMSG_ERROR {
            let number = NetlinkReply.number(in: body, at: 0, as: Int32.self) ?? 0
            guard number != 0 else { return nil }
            throw SystemError(doing: doing(), call: "netlink", errno: -number)
        }
        let fixed = Self.fixedPartLength(of: type)
        guard body.count >= fixed else { return nil }
        return NetlinkReply(
            type: type,
            fixedPart: Array(body.prefix(fixed)),
            attributes: NetlinkReply.attributes(in: body.dropFirst((fixed + 3) & ~3))
        )
    }

    private static func fixedPartLength(of type: UInt16) -> Int {
        switch Int(type) {
        case Int(RTM_NEWROUTE): MemoryLayout<rtmsg>.size
        case Int(RTM_NEWLINK): MemoryLayout<ifinfomsg>.size
        case Int(RTM_NEWNEIGH): MemoryLayout<ndmsg>.size
        default: 0
        }
    }
}
