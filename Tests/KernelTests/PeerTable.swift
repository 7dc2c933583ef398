import Glibc
import HandprobeTestKit
import Synchronization
import Testing

/// What a peer's kernel still knows of connections, as `ss` lists it.
struct PeerTable: CustomStringConvertible {
    /// One connection that `ss` lists.
    struct Row: Hashable, CustomStringConvertible {
        /// In the words of `ss`: `ESTAB`, `LAST-ACK`, `TIME-WAIT`.
        var state: String
        /// The peer's port.
        var local: UInt16
        /// Our port.
        var remote: UInt16

        var description: String { "\(state) \(local):\(remote)" }
    }

    var rows: [Row]

    /// The connections with `port` at the peer's end.
    static func read(in namespace: NetworkNamespace, port: UInt16) throws -> PeerTable {
        let lines = try Subprocess.check("ss", ["-Htan"], in: namespace).stdout.split(separator: "\n")
        let rows = lines.compactMap { line -> Row? in
            let fields = line.split(separator: " ")
            guard fields.count >= 5, fields[0] != "LISTEN", let local = Self.port(fields[3]), local == port,
                let remote = Self.port(fields[4])
            else { return nil }
            return Row(state: String(fields[0]), local: local, remote: remote)
        }
        return PeerTable(rows: rows)
    }

    /// Waits until every connection with `port` at the peer's end is one that may be there, and records what is not when
    /// the time is over.
    static func expect(
        in namespace: NetworkNamespace,
        port: UInt16,
        limit: Duration = .patience,
        onlyWhere mayBeThere: (Row) -> Bool
    ) throws {
        var table = PeerTable(rows: [])
        do {
            try waitUntil("the peer has forgotten", limit: limit) {
                table = try read(in: namespace, port: port)
                let holds = table.rows.allSatisfy(mayBeThere)
                // Asking costs a process each time.
                if !holds { usleep(20_000) }
                return holds
            }
        } catch TestKitError.timeout { Issue.record("left at the peer: \(table)") }
    }

    private static func port(_ address: Substring) -> UInt16? {
        address.split(separator: ":").last.flatMap { UInt16($0) }
    }

    var description: String { rows.map(\.description).joined(separator: ", ") }
}

/// A scene at whose end the peer's kernel must have forgotten us, and ours must have said nothing.
protocol HasPeer: Sendable {
    /// Throws unless it has, or comes to be in the state that the scene is about.
    func expectPeerHasForgotten() throws

    /// Where our kernel must not have sent a RST; nil where that cannot be told: on loopback its counter has the peer's as
    /// well, and a peer that goes on speaking once the program has gone is answered by our kernel.
    var ownKernel: NetworkNamespace? { get }
}

extension HasPeer {
    var ownKernel: NetworkNamespace? { nil }
}

/// The scenes that a test has made.
final class PeerLedger: Sendable {
    @TaskLocal private static var current: PeerLedger?

    private let scenes = Mutex<[any HasPeer]>([])

    /// Runs `body` and then expects of every scene that it made that our kernel has sent no RST, and that nothing of ours is
    /// left at the peer.
    static func checking(_ body: () async throws -> Void) async throws {
        let ledger = PeerLedger()
        try await $current.withValue(ledger, operation: body)
        for scene in ledger.scenes.withLock({ $0 }) {
            if let kernel = scene.ownKernel {
                #expect(try KernelCounters.read(in: kernel).outRsts == 0, "RSTs of our kernel")
            }
            try scene.expectPeerHasForgotten()
        }
    }

    /// Takes note of a scene.
    static func add(_ scene: any HasPeer) {
        current?.scenes.withLock { $0.append(scene) }
    }
}
