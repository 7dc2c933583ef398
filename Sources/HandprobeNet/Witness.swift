internal import CLinuxNet
internal import CPcap
internal import Glibc
internal import HandprobeTCP
internal import HandprobeWire

/// The second witness: a raw socket that sees TCP segments for our ports on whatever interface they arrive.
///
/// The capture sees one interface. Without this an answer by another way would look like silence.
struct Witness: ~Copyable {
    /// The family it watches.
    let family: IPAddress.Family
    private let descriptor: Descriptor
    private let ports: Set<UInt16>

    /// What it has seen.
    enum Sighting {
        /// A segment, as the IP packet it came in, and the index of its interface.
        case packet([UInt8], source: IPAddress, interface: UInt32)
        /// An error the kernel reports late for something we sent: the neighbour does not answer, for one.
        case failure(errno: Int32)
    }

    /// Opens one for `ports`, all when empty; needs CAP_NET_RAW.
    init(family: IPAddress.Family, ports: [UInt16]) throws(SystemError) {
        let doing = "watch all interfaces for \(family.name) answers"
        let descriptor = try Descriptor.socket(
            family.domain,
            Int32(SOCK_RAW.rawValue) | Int32(SOCK_NONBLOCK.rawValue),
            Int32(IPPROTO_TCP),
            to: doing,
            advice: Privileges.advice(errno:)
        )
        // A program's jumps reach 255 instructions.
        if !ports.isEmpty, ports.count < 200 {
            let program = BPFInstruction.tcpDestinationPort(ports, family: family.domain)
            try descriptor.attachFilter(program, to: doing)
        }
        switch family {
        case .v4:
            let level = Int32(IPPROTO_IP)
            for option in [IP_PKTINFO, IP_RECVERR] { try descriptor.setOption(level, option, Int32(1), to: doing) }
        case .v6:
            let level = Int32(IPPROTO_IPV6)
            for option in [IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS, IPV6_RECVERR] {
                try descriptor.setOption(level, option, Int32(1), to: doing)
            }
        }
        self.family = family
        self.ports = Set(ports)
        self.descriptor = descriptor
    }

    /// What to wait on.
    var number: Int32 { descriptor.number }

    /// The next thing seen; nil when there is nothing more.
    func next() -> Sighting? {
        while true {
            var buffer = [UInt8](repeating: 0, count: 65536)
            var incoming = linux_incoming()
            var count = receive(into: &buffer, flags: Int32(MSG_ERRQUEUE), &incoming)
            if count >= 0 {
                if let failure = failure(in: incoming, quoting: buffer.prefix(count)) { return failure }
                continue
            }
            count = receive(into: &buffer, flags: 0, &incoming)
            if count < 0 {
                // A pending error is delivered once as the result of a call; its particulars are in the error queue.
                if errno == EAGAIN || errno == EINTR { return nil }
                continue
            }
            guard let source = sourceAddress(of: incoming) else { continue }
            var packet = Array(buffer.prefix(count))
            if family == .v6 { packet = header(for: packet, source: source, incoming) + packet }
            return unsafe .packet(packet, source: source, interface: incoming.interface_index)
        }
    }

    private func receive(into buffer: inout [UInt8], flags: Int32, _ incoming: inout linux_incoming) -> Int {
        unsafe buffer.withUnsafeMutableBytes {
            unsafe linux_recvmsg(descriptor.number, $0.baseAddress, $0.count, flags | Int32(MSG_DONTWAIT), &incoming)
        }
    }

    private func sourceAddress(of incoming: linux_incoming) -> IPAddress? {
        var storage = SocketStorage()
        storage.storage = incoming.source
        return storage.address?.address
    }

    /// An error is for us when the segment it quotes came from one of our ports and its reporter is this host.
    private func failure(in incoming: linux_incoming, quoting octets: ArraySlice<UInt8>) -> Sighting? {
        guard octets.count >= 4, ports.isEmpty || ports.contains(UInt16(octets[0]) << 8 | UInt16(octets[1])) else {
            return nil
        }
        var offender = SocketStorage()
        offender.storage = incoming.offender
        let origin = Int32(incoming.error_origin)
        let isLocal = origin == Int32(LINUX_SO_EE_ORIGIN_LOCAL)
        let isOurs = offender.address.map { (try? Route.isOurs($0.address, scope: $0.scope)) ?? false } ?? false
        guard isLocal || isOurs else { return nil }
        return .failure(errno: Int32(truncatingIfNeeded: incoming.error_number))
    }

    /// The IPv6 header that the socket keeps to itself, as far as it tells.
    private func header(for segment: [UInt8], source: IPAddress, _ incoming: linux_incoming) -> [UInt8] {
        var destination = incoming.destination
        let octets = unsafe withUnsafeBytes(of: &destination) { unsafe Array($0) }
        guard case .v6(let source) = source, case .v6(let destination) = IPAddress(octets: octets) else { return [] }
        let header = IPv6Header(
            source: source,
            destination: destination,
            trafficClass: UInt8(truncatingIfNeeded: max(0, incoming.traffic_class)),
            payloadLength: UInt16(truncatingIfNeeded: segment.count),
            hopLimit: UInt8(truncatingIfNeeded: max(0, incoming.hop_limit))
        )
        var result = [UInt8](repeating: 0, count: IPv6Header.length)
        var span = result.mutableSpan
        header.write(to: &span)
        return result
    }
}
