import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// Where a probe and its peer are.
enum Place: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case loopback4, loopback6, veth4, veth6

    static let veth: [Place] = [.veth4, .veth6]

    var family: IPAddress.Family { self == .loopback4 || self == .veth4 ? .v4 : .v6 }
    var isLoopback: Bool { self == .loopback4 || self == .loopback6 }
    var testDescription: String { rawValue }
}

/// A peer somewhere, a namespace to probe it from, and a witness of every frame at our end.
final class Scene: HasPeer {
    /// Where probes run.
    let us: NetworkNamespace
    /// Where the server runs; the same on loopback.
    let peer: NetworkNamespace
    /// What joins the two; nil on loopback.
    let testbed: Testbed?
    /// What is probed.
    let target: SocketAddress
    /// The server at the target; nil where nothing of the test kit listens.
    let server: TestServer?
    /// The witness at our interface.
    let tap: PacketTap
    /// The states, in the words of `ss`, in which the peer may be left: what the scenario is about.
    private let left = Monitor<Set<String>>([])
    /// True when our kernel may speak.
    private let speaks = Monitor(false)

    /// A place with a server that treats connections by `behavior`; nil is a port without a listener.
    convenience init(_ place: Place, _ behavior: TestServer.Behavior?, port: UInt16 = 0) throws {
        if place.isLoopback {
            let namespace = try NetworkNamespace()
            let address: IPAddress = place.family == .v4 ? .v4(.loopback) : .v6(.loopback)
            try self.init(namespace, namespace, nil, "lo", address, behavior, port)
        } else {
            try self.init(try Testbed.veth(), place.family, behavior, port: port)
        }
    }

    /// A testbed with a server at its far end.
    convenience init(
        _ testbed: Testbed,
        _ family: IPAddress.Family,
        _ behavior: TestServer.Behavior?,
        port: UInt16 = 0
    ) throws {
        let address = testbed.theirs.address(family)
        try self.init(testbed.us, testbed.peer, testbed, testbed.ours.name, address, behavior, port)
    }

    private init(
        _ us: NetworkNamespace,
        _ peer: NetworkNamespace,
        _ testbed: Testbed?,
        _ interface: String,
        _ address: IPAddress,
        _ behavior: TestServer.Behavior?,
        _ port: UInt16
    ) throws {
        (self.us, self.peer, self.testbed) = (us, peer, testbed)
        server = try behavior.map { try TestServer($0, on: SocketAddress(address, port: port), in: peer) }
        target = server?.address ?? SocketAddress(address, port: port == 0 ? 9 : port)
        tap = try PacketTap(interface, in: us)
        PeerLedger.add(self)
    }

    /// Says that the scenario is about leaving the peer in one of these states, in the words of `ss`.
    func leaves(_ states: String...) {
        left.withLock { $0.formUnion(states) }
    }

    /// Says that the scenario ends the program by force, after which nothing keeps our kernel silent any more.
    func outlivesTheProgram() {
        speaks.withLock { $0 = true }
    }

    var ownKernel: NetworkNamespace? {
        testbed == nil || speaks.withLock { $0 } || !left.withLock { $0.isEmpty } ? nil : us
    }

    /// Nothing of ours is left at the peer, but TIME-WAIT where it closed first, and what the scenario is about.
    func expectPeerHasForgotten() throws {
        let frames = tap.frames.filter { testbed != nil || $0.outgoing }
        let facts = frames.compactMap { frame in
            frame.tcp.flatMap { segment in SegmentFacts(frame, port: target.port).map { (segment, $0) } }
        }
        let allowed = left.withLock { $0 }
        let waits = { (port: UInt16) in
            let course = facts.filter { $0.0.source.port == port || $0.0.destination.port == port }.map(\.1)
            return WitnessedCourse(segments: course).peerClosedActively
        }
        try PeerTable.expect(in: peer, port: target.port) { row in
            allowed.contains(row.state) || row.state == "TIME-WAIT" && waits(row.remote)
        }
    }

    /// Starts the program with a command, its options and the target.
    func start(
        _ command: String,
        _ options: [String] = [],
        keepsInputOpen: Bool = false,
        streams: Subprocess.Streams = .pipes
    ) throws -> Subprocess {
        let arguments = [command] + options + [target.description]
        return try Program.start(arguments, in: us, keepsInputOpen: keepsInputOpen, streams: streams)
    }

    /// Runs the program to its end.
    func run(_ command: String, _ options: String..., limit: Duration = .patience) throws -> Subprocess.Result {
        try start(command, options).wait(limit: limit)
    }

    /// What went to the target, whoever made it. On loopback every frame is seen leaving and arriving: it counts once.
    var ours: [ObservedSegment] { tap.sent.filter { $0.destination.port == target.port } }

    /// What came from the target.
    var theirs: [ObservedSegment] {
        (testbed == nil ? tap.sent : tap.received).filter { $0.source.port == target.port }
    }

    /// The SYNs that went to the target.
    var ourSyns: [ObservedSegment] { ours.filter { $0.flags.contains(.syn) } }

    /// The connections that the peer's kernel still has, those in TIME-WAIT left out: they need nobody any more.
    func leftAtPeer() throws -> [SocketTable.Row] {
        try SocketTable.read(in: peer).connections(port: target.port).filter { $0.state != .timeWait }
    }

    /// What every run owes: no RST on the wire but those it shows, `resets` in all; nothing left with us.
    func expectGoodManners(
        _ run: Subprocess.Result,
        resets: Int = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let sent = ours.filter { $0.flags.contains(.rst) }
        #expect(sent.count == resets, "RSTs: \(sent)\n\(run.stdout)", sourceLocation: sourceLocation)
        let shown = run.shownSegments.filter { $0.hasPrefix("R") }
        #expect(shown.count == sent.count, "RSTs: \(sent)\n\(run.stdout)", sourceLocation: sourceLocation)
        #expect(tap.drops == 0, sourceLocation: sourceLocation)
        #expect(run.stderr.isEmpty, "\(run.stderr)", sourceLocation: sourceLocation)
        let ports = Set(ours.map(\.source.port))
        let left = try SocketTable.read(in: us).rows.filter { ports.contains($0.local.port) }
        #expect(left.isEmpty, sourceLocation: sourceLocation)
    }
}
