internal import CLinuxNet
internal import CPcap
internal import Glibc
internal import HandprobeTCP
internal import HandprobeWire

/// Sends whole IP packets of one family by way of the kernel's routing. Receives nothing.
struct RawSocket: ~Copyable {
    private let descriptor: Descriptor

    /// Opens one; needs CAP_NET_RAW. `interface` forces everything out of one interface.
    init(family: IPAddress.Family, interface: String?) throws(SystemError) {
        let doing = "open a raw \(family.name) socket"
        let descriptor = try Descriptor.socket(
            family.domain,
            Int32(SOCK_RAW.rawValue),
            Int32(LINUX_IPPROTO_RAW),
            to: doing,
            advice: Privileges.advice(errno:)
        )
        switch family {
        case .v4: try descriptor.setOption(Int32(IPPROTO_IP), IP_HDRINCL, Int32(1), to: doing)
        case .v6: try descriptor.setOption(Int32(IPPROTO_IPV6), Int32(LINUX_IPV6_HDRINCL), Int32(1), to: doing)
        }
        if let interface { try descriptor.bind(toInterface: interface) }
        self.descriptor = descriptor
    }

    /// Sends packets in order; one entry a packet, nil when the kernel took it.
    func send(_ packets: ArraySlice<OutgoingPacket>) -> [SendFailure?] {
        // A raw socket's port is a protocol number and must be 0 here.
        let addresses = packets.map {
            SocketStorage(SocketAddress($0.destination.address, port: 0, scope: $0.destination.scope))
        }
        return descriptor.send(packets, to: addresses)
    }
}
