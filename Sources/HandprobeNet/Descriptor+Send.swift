internal import CLinuxNet
internal import CPcap
internal import Glibc
internal import HandprobeTCP

extension Descriptor {
    /// Sends one datagram a packet, in order and as many a call as the kernel takes; nil for each it took.
    func send(_ packets: ArraySlice<OutgoingPacket>, to addresses: [SocketStorage]) -> [SendFailure?] {
        var results = [SendFailure?](repeating: nil, count: packets.count)
        var octets: [UInt8] = []
        octets.reserveCapacity(packets.reduce(0) { $0 + $1.octets.count })
        for packet in packets { octets += packet.octets }
        let storages = addresses.map(\.storage)
        unsafe octets.withUnsafeBufferPointer { octets in
            unsafe storages.withUnsafeBufferPointer { storages in
                var datagrams: [linux_outgoing] = unsafe []
                var offset = 0
                for (index, packet) in packets.enumerated() {
                    unsafe datagrams.append(
                        linux_outgoing(
                            octets: octets.baseAddress.map { unsafe $0 + offset },
                            count: packet.octets.count,
                            address: storages.baseAddress.map { unsafe $0 + index },
                            address_length: addresses[index].length
                        )
                    )
                    offset += packet.octets.count
                }
                unsafe send(datagrams, results: &results)
            }
        }
        return results
    }

    private func send(_ datagrams: [linux_outgoing], results: inout [SendFailure?]) {
        unsafe datagrams.withUnsafeBufferPointer { datagrams in
            var next = 0
            while next < datagrams.count {
                let count = min(datagrams.count - next, Int(LINUX_SEND_BATCH))
                let sent = unsafe linux_sendmmsg(number, datagrams.baseAddress! + next, UInt32(count), 0)
                if sent >= 0 {
                    next += Int(sent)
                } else if errno != EINTR {
                    // The kernel reports an error only for the first datagram of a call.
                    results[next] = SendFailure(call: "sendmmsg", errno: errno)
                    next += 1
                }
            }
        }
    }
}

extension SendFailure {
    /// A failed call, in the kernel's words.
    init(call: String, errno: Int32) {
        self.init(call: call, errno: errno, reason: SystemError.reason(for: errno))
    }
}
