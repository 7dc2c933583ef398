internal import CLinuxNet
internal import CPcap
internal import Glibc
internal import HandprobeTCP
public import HandprobeWire

/// Handshakes by hand against a listener of this host's kernel, to see whether a guard keeps the kernel out of them.
///
/// SYN, ACK, FIN and a last RST over `lo`, each answered by a real TCP; nothing leaves the host.
public final class LoopbackTrial {
    /// What one handshake showed.
    public struct Outcome: Hashable, Sendable {
        /// The guards that were in force.
        public var kinds: [GuardKind]
        /// True when the listener answered our SYN.
        public var isAnswered = false
        /// True when the listener's accept(2) returned the connection.
        public var isAccepted = false
        /// True when our FIN was acknowledged.
        public var isFinAcknowledged = false
        /// RSTs that left our port and that we did not send.
        public var kernelResets = 0

        /// True when the listener accepted the connection and its end, and the kernel kept out of it.
        public var isSound: Bool { isAnswered && isAccepted && isFinAcknowledged && kernelResets == 0 }

        /// What went wrong, in a clause; of a sound one, nothing.
        public var shortcoming: String {
            if !isAnswered { return "no answer to our SYN" }
            if kernelResets > 0 { return "the kernel sent \(kernelResets) RST" }
            if !isAccepted { return "the listener did not accept the connection" }
            return isFinAcknowledged ? "nothing" : "our FIN was not acknowledged"
        }

        /// Nothing seen yet under the guards of `kinds`.
        public init(kinds: [GuardKind]) { self.kinds = kinds }
    }

    /// No wait is longer: on `lo` answers take microseconds.
    private static let patience = Duration.seconds(1)

    private let server: Held<Descriptor>
    private let remote: SocketAddress
    private let transport: NetTransport
    private var arrivals = Arrivals()

    /// Opens the listener and the transport; needs CAP_NET_RAW.
    public init(family: IPAddress.Family) throws(RouteError) {
        let address: IPAddress = family == .v4 ? .v4(.loopback) : .v6(.loopback)
        do throws(SystemError) {
            let doing = "listen on loopback"
            let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            let socket = try Descriptor.socket(family.domain, type, 0, to: doing)
            try socket.bind(to: SocketAddress(address, port: 0), doing: doing)
            try socket.listen(backlog: 16, doing: doing)
            remote = try socket.localAddress()
            server = Held(socket)
        } catch {
            throw .system(error)
        }
        let route = try Route.lookup(to: remote)
        var settings = TransportSettings(routes: [route], localPorts: [])
        settings.watchesSignals = false
        settings.watchesOutput = false
        do throws(SystemError) {
            transport = try NetTransport(settings)
        } catch {
            throw .system(error)
        }
    }

    /// Opens and closes one connection from a port guarded by `kinds` alone; none of them shows what a missing guard does.
    public func handshake(guardedBy kinds: [GuardKind]) throws(SystemError) -> Outcome {
        let portGuard = try PortGuard(local: SocketAddress(remote.address, port: 0), kinds: kinds)
        let local = portGuard.local
        let iss = SequenceNumber(Entropy.uint32())
        var outcome = Outcome(kinds: portGuard.kinds)
        try send(TCPSegment(seq: iss, flags: .syn, wnd: 65535), from: local)
        let synAck = segment(to: local, counting: &outcome) { $0.flags.contains([.syn, .ack]) && $0.ack == iss + 1 }
        outcome.isAnswered = synAck != nil
        let rcvNxt = (synAck?.seq ?? SequenceNumber(0)) + 1
        try send(TCPSegment(seq: iss + 1, ack: rcvNxt, flags: [], wnd: 65535), from: local)
        let accepted = accept()
        outcome.isAccepted = accepted != nil
        if outcome.isAccepted {
            try send(TCPSegment(seq: iss + 1, ack: rcvNxt, flags: .fin, wnd: 65535), from: local)
            outcome.isFinAcknowledged = segment(to: local, counting: &outcome) { $0.ack == iss + 2 } != nil
        }
        // Ours is the last frame: once it is seen, so is all that the kernel made of those before.
        let last = TCPSegment(seq: iss + 2, ack: rcvNxt, flags: .rst)
        try send(last, from: local)
        _ = segment(from: local, counting: &outcome) {
            $0.flags == last.flags && $0.seq == last.seq && $0.ack == rcvNxt
        }
        outcome.kernelResets -= 1
        return outcome
    }

    private func send(_ segment: TCPSegment, from local: SocketAddress) throws(SystemError) {
        let packet = SegmentTemplate(segment: segment).packet(from: local, to: remote)
        if let failure = transport.send([OutgoingPacket(octets: packet, destination: remote)])[0] {
            throw SystemError(
                doing: "send to \(remote)", call: failure.call, errno: failure.errno, reason: failure.reason)
        }
    }

    private func segment(
        from source: SocketAddress? = nil,
        to destination: SocketAddress? = nil,
        counting outcome: inout Outcome,
        where isWanted: (TCPSegment) -> Bool
    ) -> TCPSegment? {
        let local = source ?? destination
        let deadline = transport.now + Self.patience
        while transport.now < deadline {
            transport.receive(into: &arrivals, until: deadline)
            var wanted: TCPSegment?
            for frame in arrivals.frames {
                let octets = arrivals.octets[frame.range]
                let dissection = Dissection(
                    frame: octets.span, linkType: frame.linkType, originalLength: frame.originalLength)
                guard let ip = dissection.ip, case .tcp(let segment, _) = dissection.transport else { continue }
                let from = SocketAddress(ip.source, port: segment.header.sourcePort)
                let to = SocketAddress(ip.destination, port: segment.header.destinationPort)
                if from == local, segment.flags.contains(.rst) { outcome.kernelResets += 1 }
                if source.map({ $0 == from && to == remote }) ?? true,
                    destination.map({ $0 == to && from == remote }) ?? true, isWanted(segment)
                {
                    wanted = segment
                }
            }
            if let wanted { return wanted }
        }
        return nil
    }

    private func accept() -> Held<Descriptor>? {
        var waiting = pollfd(fd: server.value.number, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waiting, 1, 1000) == 1 else { return nil }
        let number = linux_accept(server.value.number)
        return number < 0 ? nil : Held(Descriptor(taking: number))
    }
}
