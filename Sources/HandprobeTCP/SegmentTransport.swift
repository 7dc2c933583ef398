public import HandprobeWire

/// What carries packets between the engine and a network: the kernel's sockets and capture, or a link in memory.
///
/// Batch-shaped, because a call across modules is not specialised: one call moves as many packets as there are.
public protocol SegmentTransport: AnyObject {
    /// The present moment of the monotonic clock.
    var now: Instant { get }

    /// The capture clock's reading at a moment of the monotonic clock.
    func wallClock(of instant: Instant) -> Timestamp

    /// Sends `packets` in order. The result has one entry a packet: nil when the packet was taken, else why not.
    func send(_ packets: [OutgoingPacket]) -> [SendFailure?]

    /// Waits until something arrives or `deadline` passes, then replaces what is in `arrivals`.
    ///
    /// Returns at once when `deadline` is past; waits without limit when it is nil.
    func receive(into arrivals: inout Arrivals, until deadline: Instant?)

    /// Looks at what could explain that `destination` is silent.
    func checkSilence(of destination: SocketAddress) -> SilenceCheck
}

extension SegmentTransport {
    /// Where there is nothing to look at, nothing was looked at.
    public func checkSilence(of destination: SocketAddress) -> SilenceCheck {
        SilenceCheck(nextHop: nil, watchesOtherInterfaces: false)
    }
}

/// A whole IP packet on its way out.
public struct OutgoingPacket: Sendable {
    /// How a packet leaves.
    public enum Path: Hashable, Sendable {
        /// By raw socket: the kernel routes it, and repairs the IP header's total length, checksum and zero identification.
        case rawSocket
        /// By packet socket: exactly these octets leave.
        case packetSocket
    }

    /// The packet from its IP header on.
    public var octets: [UInt8]
    /// Where it goes; the scope matters for link-local addresses.
    public var destination: SocketAddress
    /// How it leaves.
    public var path: Path

    /// A packet for `destination`.
    public init(octets: [UInt8], destination: SocketAddress, path: Path = .rawSocket) {
        self.octets = octets
        self.destination = destination
        self.path = path
    }
}

/// Why the local machine did not send a packet.
public struct SendFailure: Error, Hashable, Sendable {
    /// The call that failed.
    public var call: String
    /// The kernel's error number.
    public var errno: Int32
    /// What the kernel says of it.
    public var reason: String

    /// A failed call.
    public init(call: String, errno: Int32, reason: String) {
        self.call = call
        self.errno = errno
        self.reason = reason
    }
}

/// What one wait brought: captured frames, and whatever else happened on this machine.
public struct Arrivals: Sendable {
    /// The octets of all frames, one behind the other.
    public var octets: [UInt8] = []
    /// The frames, in the order of capture.
    public var frames: [CapturedFrame] = []
    /// What happened beside them.
    public var incidents: [Incident] = []

    /// Nothing yet.
    public init() {}

    /// Forgets everything but keeps the room.
    public mutating func removeAll() {
        octets.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
        incidents.removeAll(keepingCapacity: true)
    }

    /// Adds a frame with its octets.
    public mutating func append(
        _ frame: Span<UInt8>,
        linkType: LinkType,
        time: Timestamp,
        originalLength: Int,
        interface: String
    ) {
        let start = octets.count
        octets.reserveCapacity(start + frame.count)
        for index in frame.indices { octets.append(frame[index]) }
        frames.append(
            CapturedFrame(
                range: start..<octets.count,
                linkType: linkType,
                time: time,
                originalLength: originalLength,
                interface: interface
            )
        )
    }
}

/// One captured frame; its octets lie in `Arrivals.octets`.
public struct CapturedFrame: Hashable, Sendable {
    /// Where its octets lie.
    public var range: Range<Int>
    /// What the frame begins with.
    public var linkType: LinkType
    /// The kernel's stamp.
    public var time: Timestamp
    /// Octets on the wire; more than captured when the snaplen cut it.
    public var originalLength: Int
    /// The interface it was captured on.
    public var interface: String

    /// A frame from its parts.
    public init(range: Range<Int>, linkType: LinkType, time: Timestamp, originalLength: Int, interface: String) {
        self.range = range
        self.linkType = linkType
        self.time = time
        self.originalLength = originalLength
        self.interface = interface
    }
}

/// Something that happened on this machine and is no frame.
public enum Incident: Hashable, Sendable {
    /// SIGINT, SIGTERM or SIGHUP, by number.
    case signal(Int32)
    /// Nobody reads our standard output any more.
    case outputClosed
    /// SIGQUIT: the person asks for figures so far.
    case statisticsWanted
    /// A line was typed.
    case line(String)
    /// Standard input has ended.
    case endOfInput
    /// Frames that the capture lost since the last report.
    case captureLoss(frames: Int)
    /// The capture stopped working.
    case captureFailed(String)
    /// A raw socket received an IP packet with a segment for one of our ports on `interface`, where nothing is captured.
    case answerElsewhere(packet: [UInt8], interface: String)
    /// The wall clock was stepped against the monotonic one by this much.
    case clockStepped(Duration)
    /// The kernel reported an error for a packet that had seemed to be sent (neighbour unresolved, for one).
    case delayedSendFailure(SendFailure)
}
