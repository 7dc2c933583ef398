public import HandprobeTCP
internal import HandprobeWire

extension NetTransport {
    /// Between so many packets the capture is emptied: with answers, and each frame twice on `lo`, they fill half the slots.
    private var packetsBetweenDrains: Int { max(1, settings.capture.slots / 8) }

    /// Sends `packets` in order. The result has one entry a packet: nil when the packet was taken, else why not.
    public func send(_ packets: [OutgoingPacket]) -> [SendFailure?] {
        var results: [SendFailure?] = []
        results.reserveCapacity(packets.count)
        var start = 0
        while start < packets.count {
            let first = packets[start]
            var end = start + 1
            while end < packets.count, end - start < packetsBetweenDrains, packets[end].path == first.path,
                packets[end].destination.address.family == first.destination.address.family
            {
                end += 1
            }
            results += sendAlike(packets[start..<end])
            if end < packets.count { drainCaptures(into: &pending) }
            start = end
        }
        return results
    }

    private func sendAlike(_ packets: ArraySlice<OutgoingPacket>) -> [SendFailure?] {
        guard let first = packets.first else { return [] }
        switch first.path {
        case .rawSocket:
            if let socket = rawSockets[first.destination.address.family] { return socket.value.send(packets) }
        case .packetSocket:
            if let socket = packetSocket { return socket.value.send(packets) }
        }
        let failure = SendFailure(
            call: "send",
            errno: 0,
            reason: first.path == .packetSocket
                ? "no packet socket was opened for frames"
                : "no raw \(first.destination.address.family.name) socket was opened"
        )
        return packets.map { _ in failure }
    }
}
