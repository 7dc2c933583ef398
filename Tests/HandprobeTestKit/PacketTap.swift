import CTestKit
import HandprobeWire

/// A witness of every frame on an interface, both ways, independent of the program under test.
///
/// It has no thread: the kernel keeps the frames from the moment the tap exists, and looking takes them. So a frame that a
/// finished call has caused is always among those seen.
public final class PacketTap: Sendable {
    private struct State: Sendable {
        var frames: [ObservedFrame] = []
        var drops = 0
    }

    private let socket: Descriptor
    private let state = Monitor(State())

    /// Observes `interface` of `namespace`, or of where we are.
    public init(_ interface: String, in namespace: NetworkNamespace? = nil) throws {
        socket = try NetworkNamespace.run(in: namespace) {
            let index = try InterfaceFacts(of: interface).index
            return try Descriptor(ctk_open_packet_socket(index, 0), from: "socket", "observing \(interface)")
        }
    }

    /// Observes an interface of a testbed.
    public convenience init(_ interface: NetworkInterface) throws {
        try self.init(interface.name, in: interface.namespace)
    }

    /// Every frame so far.
    public var frames: [ObservedFrame] {
        state.withLock {
            take(&$0)
            return $0.frames
        }
    }

    /// Every TCP segment so far, in the order in which the interface saw them.
    public var segments: [ObservedSegment] { frames.compactMap(\.tcp) }

    /// The TCP segments that the observed host sent itself.
    public var sent: [ObservedSegment] { frames.filter(\.outgoing).compactMap(\.tcp) }

    /// The TCP segments that came to the observed host.
    public var received: [ObservedSegment] { frames.filter { !$0.outgoing }.compactMap(\.tcp) }

    /// Frames that the tap itself lost: a test that relies on absence expects 0.
    public var drops: Int {
        state.withLock {
            $0.drops += max(0, Int(ctk_packet_drops(socket.number)))
            return $0.drops
        }
    }

    /// Waits until `condition` holds for the frames seen and returns them; throws at `limit`.
    @discardableResult
    public func waitUntil(
        _ what: String = "the frames expected are seen",
        limit: Duration = .patience,
        _ condition: ([ObservedFrame]) -> Bool
    ) throws -> [ObservedFrame] {
        do {
            try HandprobeTestKit.waitUntil(what, limit: limit) { condition(frames) }
        } catch TestKitError.timeout {
            throw TestKitError.timeout("\(what); seen:\n\(segments.map(\.description).joined(separator: "\n"))")
        }
        return frames
    }

    private func take(_ state: inout State) {
        var octets = [UInt8](repeating: 0, count: 1 << 17)
        while true {
            var (outgoing, time): (Int32, Int64) = (0, 0)
            let count = unsafe ctk_receive_frame(socket.number, &octets, octets.count, &outgoing, &time)
            guard count >= 0 else { return }
            state.frames.append(
                ObservedFrame(
                    octets: Array(octets[..<count]),
                    outgoing: outgoing != 0,
                    time: Timestamp(nanoseconds: time)
                )
            )
        }
    }
}
