internal import HandprobeTCP
internal import HandprobeWire

/// A burst of frames on loopback, to see whether the capture loses any.
public enum CaptureBurst {
    /// What came of it.
    public struct Result: Hashable, Sendable {
        /// Frames sent.
        public var sent: Int
        /// Of these, frames captured.
        public var captured: Int
        /// Frames the kernel dropped for want of room.
        public var dropped: Int
    }

    /// No wait is longer: the frames are there when sending returns.
    private static let patience = Duration.seconds(2)

    /// Sends `frames` segments at once between two guarded ports, which answer nothing, and counts those captured.
    public static func run(frames count: Int) throws(SystemError) -> Result {
        let loopback = IPAddress.v4(.loopback)
        let from = try PortGuard(local: SocketAddress(loopback, port: 0))
        let to = try PortGuard(local: SocketAddress(loopback, port: 0))
        let (source, destination) = (from.local, to.local)
        let route: Route
        do throws(RouteError) {
            route = try Route.lookup(to: destination)
        } catch {
            throw SystemError(doing: "reach loopback", call: "netlink", errno: 0, reason: error.description)
        }
        var settings = TransportSettings(routes: [route], localPorts: [source.port])
        settings.watchesSignals = false
        settings.watchesOutput = false
        let transport = try NetTransport(settings)
        transport.hold(from)
        transport.hold(to)
        let packets = (0..<count).map { number in
            var template = SegmentTemplate()
            template.flags = .ack
            template.seq = SequenceNumber(UInt32(truncatingIfNeeded: number))
            return OutgoingPacket(octets: template.packet(from: source, to: destination), destination: destination)
        }
        let sent = transport.send(packets).count { $0 == nil }
        return Result(
            sent: sent,
            captured: captured(sent, from: source, by: transport),
            dropped: transport.captureStatistics.reduce(0) { $0 + $1.dropped }
        )
    }

    private static func captured(_ sent: Int, from source: SocketAddress, by transport: NetTransport) -> Int {
        var numbers: Set<SequenceNumber> = []
        var arrivals = Arrivals()
        let deadline = transport.now + patience
        while numbers.count < sent, transport.now < deadline {
            transport.receive(into: &arrivals, until: deadline)
            for frame in arrivals.frames {
                let octets = arrivals.octets[frame.range]
                let dissection = Dissection(
                    frame: octets.span, linkType: frame.linkType, originalLength: frame.originalLength)
                if case .tcp(let segment, _) = dissection.transport, segment.header.sourcePort == source.port {
                    numbers.insert(segment.seq)
                }
            }
        }
        return numbers.count
    }
}
