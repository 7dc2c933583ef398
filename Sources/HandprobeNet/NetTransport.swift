internal import CLinuxNet
internal import CPcap
internal import Glibc
public import HandprobeTCP
public import HandprobeWire

/// The kernel as a `SegmentTransport`: raw sockets out, libpcap in, and everything else worth waking up for, in one place.
///
/// Belongs to one thread. All it opens is closed with it; nothing outlives the process, however that ends.
public final class NetTransport: SegmentTransport {
    let settings: TransportSettings
    var captures: [Held<Capture>] = []
    var captureWorks: [Bool] = []
    var reportedLosses: [Int] = []
    var rawSockets: [IPAddress.Family: Held<RawSocket>] = [:]
    var packetSocket: Held<PacketSocket>?
    var witnesses: [Held<Witness>] = []
    var signals: Held<SignalDescriptor>?
    var watchesOutput: Bool
    var input: LineReader?
    var clock: ClockMapping
    /// What was captured while sending and is not yet handed over.
    var pending = Arrivals()
    private var guards: [Held<PortGuard>] = []

    /// Opens everything; needs CAP_NET_RAW. Afterwards no capability is needed any more.
    public init(_ settings: TransportSettings) throws(SystemError) {
        self.settings = settings
        watchesOutput = settings.watchesOutput
        input = settings.readsLines ? LineReader() : nil
        clock = ClockMapping()
        // Signals first: one that comes while the sockets are opened is kept for the first wait.
        if settings.watchesSignals {
            signals = Held(try SignalDescriptor([SIGINT, SIGTERM, SIGHUP, SIGQUIT]))
        }
        for family in settings.families {
            rawSockets[family] = Held(try RawSocket(family: family, interface: settings.forcedInterface))
            witnesses.append(Held(try Witness(family: family, ports: settings.capture.localPorts)))
        }
        if !settings.frameRoutes.isEmpty {
            packetSocket = Held(try PacketSocket(routes: settings.frameRoutes))
        }
        for interface in settings.interfaces {
            captures.append(Held(try Capture(interface: interface.name, settings: settings.capture)))
        }
        captureWorks = captures.map { _ in true }
        reportedLosses = captures.map { _ in 0 }
        // The default slack of 50 µs would show in every timer.
        _ = linux_set_timer_slack(1000)
        clock = ClockMapping()
    }

    /// Keeps a guard for as long as the transport lives.
    public func hold(_ portGuard: consuming PortGuard) {
        guards.append(Held(portGuard))
    }

    /// The present moment of the monotonic clock.
    public var now: Instant { .now }

    /// The capture clock's reading at a moment of the monotonic clock.
    public func wallClock(of instant: Instant) -> Timestamp { clock.wallClock(of: instant) }

    /// The most by which the clocks of captures and of timers may have come apart in this run, steps left out.
    public var clockError: Duration { clock.error() }

    /// The counts of each capture so far.
    public var captureStatistics: [CaptureStatistics] { captures.map { $0.value.statistics } }

    /// The link type of each capture's frames, in the order of the interfaces.
    public var linkTypes: [LinkType] { captures.map { $0.value.linkType } }

    /// Octets kept of each frame.
    public var snaplen: Int { settings.capture.snaplen }
}
