internal import CLinuxNet
internal import CPcap
internal import Glibc
internal import HandprobeTCP
internal import HandprobeWire

/// Sends IP packets exactly as they are, wrong headers included, past the kernel's routing and repairs.
struct PacketSocket: ~Copyable {
    private let descriptor: Descriptor
    private let links: [IPAddress: Link]

    /// How a destination's frames leave.
    private struct Link {
        var interface: NetworkInterface
        var neighbor: IPAddress
    }

    /// Opens one for the destinations of `routes`; needs CAP_NET_RAW.
    ///
    /// Neighbours that are not known yet are looked for now, where the kernel lets us.
    init(routes: [Route]) throws(SystemError) {
        descriptor = try Descriptor.socket(
            AF_PACKET,
            Int32(SOCK_DGRAM.rawValue),
            0,
            to: "open a packet socket",
            advice: Privileges.advice(errno:)
        )
        links = Dictionary(
            routes.map { ($0.destination, Link(interface: $0.interface, neighbor: $0.nextHop ?? $0.destination)) },
            uniquingKeysWith: { first, _ in first }
        )
        for link in links.values where link.interface.usesNeighbors {
            Neighbor.seek(link.neighbor, on: link.interface.index)
        }
    }

    /// Sends packets in order; one entry a packet, nil when the kernel took it.
    func send(_ packets: ArraySlice<OutgoingPacket>) -> [SendFailure?] {
        packets.map { packet in
            do throws(SendFailure) {
                let address = try address(for: packet.destination.address)
                return descriptor.send([packet], to: [address]).first ?? nil
            } catch {
                return error
            }
        }
    }

    private func address(for destination: IPAddress) throws(SendFailure) -> SocketStorage {
        guard let link = links[destination] else {
            throw SendFailure(call: "send", errno: 0, reason: "no route was given for frames to \(destination)")
        }
        let hardware = try hardwareAddress(of: link)
        let type = UInt16(destination.family == .v4 ? ETH_P_IP : ETH_P_IPV6)
        var storage = SocketStorage()
        storage.length = unsafe hardware.withUnsafeBufferPointer {
            unsafe linux_packet_address(
                &storage.storage, Int32(link.interface.index), type, $0.baseAddress, UInt8(clamping: $0.count))
        }
        return storage
    }

    private func hardwareAddress(of link: Link) throws(SendFailure) -> [UInt8] {
        if link.interface.isLoopback { return [0, 0, 0, 0, 0, 0] }
        if !link.interface.usesNeighbors { return [] }
        do {
            if let known = try Neighbor.hardwareAddress(of: link.neighbor, on: link.interface.index) { return known }
        } catch {
            throw SendFailure(call: error.call, errno: error.errno, reason: error.reason)
        }
        throw SendFailure(
            call: "netlink",
            errno: EHOSTUNREACH,
            reason: "the hardware address of \(link.neighbor) on \(link.interface.name) is not known yet; "
                + "exchange anything with it first (ping it), then try again"
        )
    }
}
