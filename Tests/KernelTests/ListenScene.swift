import Glibc
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Synchronization
import Testing

/// A namespace in which the program listens, another for its clients, and a witness of every frame at our end.
final class ListenScene: HasPeer {
    static let port: UInt16 = 8080

    /// Where the program listens.
    let us: NetworkNamespace
    /// Where clients are; the same on loopback.
    let client: NetworkNamespace
    /// What joins the two; nil on loopback.
    let testbed: Testbed?
    /// Where the program listens.
    let address: SocketAddress
    /// The witness at our interface.
    let tap: PacketTap
    /// True when clients go on speaking once the program has gone.
    private let speaks = Mutex(false)

    init(_ place: Place) throws {
        if place.isLoopback {
            us = try NetworkNamespace()
            (client, testbed) = (us, nil)
            address = SocketAddress(place.family == .v4 ? .v4(.loopback) : .v6(.loopback), port: Self.port)
            tap = try PacketTap("lo", in: us)
        } else {
            let testbed = try Testbed.veth()
            (us, client, self.testbed) = (testbed.us, testbed.peer, testbed)
            address = SocketAddress(testbed.ours.address(place.family), port: Self.port)
            tap = try PacketTap(testbed.ours)
        }
        // A client that gets nothing gives up after 3 s.
        try client.sysctl("net.ipv4.tcp_syn_retries", "1")
        PeerLedger.add(self)
    }

    /// Says that the scenario ends the program by force, after which nothing keeps our kernel silent any more.
    func outlivesTheProgram() {
        speaks.withLock { $0 = true }
    }

    var ownKernel: NetworkNamespace? { testbed == nil || speaks.withLock { $0 } ? nil : us }

    /// No client has anything left, but for TIME-WAIT where it closed first.
    func expectPeerHasForgotten() throws {
        try waitUntil("the client has forgotten") { try clientStates().allSatisfy { $0 == .timeWait } }
    }

    /// Starts the program and waits until it is ready for clients.
    func listen(_ options: String..., where place: String? = nil) throws -> Subprocess {
        let from = testbed == nil ? [] : ["--from", address.address.family == .v4 ? "10.77.0.0/24" : "fd77::/64"]
        return try listen(options + from + [place ?? address.description])
    }

    /// Starts the program with exactly these arguments and waits until it is ready for clients.
    func listen(_ arguments: [String]) throws -> Subprocess {
        let program = try Program.start(["listen"] + arguments, in: us)
        _ = try program.waitForLine(.stderr) { $0.contains("waiting for a client") }
        return program
    }

    /// A client of the kernel that is connected; with a key it signs by it.
    func connect(key: String = "") throws -> TestClient {
        try TestClient(to: address, in: client, key: key.isEmpty ? nil : Array(key.utf8))
    }

    /// What curl makes of the server.
    func curl(_ options: String...) throws -> Subprocess {
        try Subprocess("curl", ["-sS", "--max-time", "15"] + options + ["http://\(address)/"], in: client)
    }

    /// What left from the listening socket, whoever made it. On loopback every frame is seen twice: it counts once.
    var ours: [ObservedSegment] { tap.sent.filter { $0.source.port == Self.port } }

    /// What came to the listening socket.
    var theirs: [ObservedSegment] {
        (testbed == nil ? tap.sent : tap.received).filter { $0.destination.port == Self.port }
    }

    /// Flags of everything that went either way, in its order: `peer S`, `us S.`.
    var flags: [String] {
        (testbed == nil ? tap.sent : tap.segments).map { segment in
            "\(segment.source.port == Self.port ? "us" : "peer") \(segment.flags.notation)"
        }
    }

    /// The client's end as its kernel has it.
    func clientStates() throws -> [ConnectionState] {
        try SocketTable.read(in: client).connections(port: Self.port).filter { $0.remote.port == Self.port }.map(
            \.state)
    }

    /// Waits for a state of the only client.
    func waitForClient(_ state: ConnectionState) throws {
        try waitUntil("the client is in \(state)") { try clientStates() == [state] }
    }

    /// How many connections this host's kernel has ready at the listening socket.
    func acceptQueue() throws -> Int? {
        let row = try Subprocess.check("ss", ["-Htln", "sport = :\(Self.port)"], in: us).stdout
        return row.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    /// What every run owes: the RSTs it shows are all there are, `resets` of them; nothing of the connection is left.
    func expectGoodManners(
        _ run: Subprocess.Result,
        resets: Int = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let sent = ours.filter { $0.flags.contains(.rst) }
        #expect(sent.count == resets, "RSTs: \(sent)\n\(run.stdout)", sourceLocation: sourceLocation)
        let shown = run.shownSegments.filter { $0.hasPrefix("R") }
        #expect(shown.count == sent.count, "RSTs: \(sent)\n\(run.stdout)", sourceLocation: sourceLocation)
        #expect(!run.stdout.contains("guard-breached"), "\(run.stdout)", sourceLocation: sourceLocation)
        #expect(tap.drops == 0, sourceLocation: sourceLocation)
        try expectPeerHasForgotten()
        let left = try SocketTable.read(in: us).rows.filter { $0.local.port == Self.port }
        #expect(left.isEmpty, sourceLocation: sourceLocation)
    }
}
