import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// What listens at a port of a stack that is not Linux's.
enum ForeignService: CaseIterable, Sendable {
    /// Sends everything back, and closes when we have.
    case echo
    /// Closes a moment after we have, and says five octets in between.
    case closesLate
    /// Speaks and closes first.
    case closesFirst
    /// Answers the first octets with four of its own, and closes first.
    case answersAndCloses
    /// Reads, and never closes.
    case neverCloses
    /// Resets where it would close.
    case resets
    /// Nothing listens.
    case nothing

    /// The port of it on `LwipHost`.
    var lwipPort: UInt16 {
        switch self {
        case .echo: 7
        case .closesLate: 8
        case .closesFirst: 13
        case .answersAndCloses: 80
        case .neverCloses: 23
        case .resets: 79
        case .nothing: 5
        }
    }

    /// What the server does behind `SlirpHost`.
    var behavior: TestServer.Behavior? {
        switch self {
        case .echo: .echo
        case .closesLate: .speaksAfterEOF(Array("late\n".utf8))
        case .closesFirst:
            {
                var behavior = TestServer.Behavior.closesAtOnce
                behavior.greeting = Array("now\n".utf8)
                return behavior
            }()
        case .answersAndCloses: .closesFirst(after: Array("now\n".utf8))
        case .neverCloses: .neverCloses
        case .resets: .resetsOnClose
        case .nothing: nil
        }
    }
}

/// A stack that is not Linux's to probe. Every run is seen by a witness of another's making, and must agree with it.
final class ForeignScene: Sendable {
    private enum Stack: Sendable {
        case lwip(LwipHost)
        case slirp(SlirpHost, TestServer?)
    }

    /// Where probes run.
    let us: NetworkNamespace
    /// What is probed.
    let target: SocketAddress
    private let interface: String
    private let stack: Stack

    /// lwIP with a service.
    init(lwip service: ForeignService, _ family: IPAddress.Family) throws {
        let host = try LwipHost(try LwipServer.path)
        (us, interface) = (host.us, host.ours.name)
        target = SocketAddress(host.address(family), port: service.lwipPort)
        stack = .lwip(host)
    }

    /// libslirp with a service behind it.
    init(slirp service: ForeignService, _ family: IPAddress.Family) throws {
        let host = try SlirpHost()
        let server = try service.behavior.map { try host.serve($0, family) }
        (us, interface) = (host.us, host.interface)
        target = SocketAddress(host.address(family), port: server?.address.port ?? 5)
        stack = .slirp(host, server)
    }

    /// Runs a command against the target to its end; `answers` are what is typed at each question of `--step`. All that the
    /// program says agrees with the witness, and our kernel has sent nothing.
    func run(
        _ command: String,
        _ options: String...,
        answers: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> (run: ProbeRecord, seen: [SegmentFacts]) {
        let observer = try OutsideObserver(interface, in: us)
        let arguments = [command, "--json"] + (answers.isEmpty ? [] : ["--step"]) + options + [target.description]
        let program = try Program.start(arguments, in: us, keepsInputOpen: true)
        for (number, answer) in answers.enumerated() {
            try waitUntil("question \(number + 1)") {
                program.text(.stderr).split(separator: "next: ").count > number || program.status != nil
            }
            program.write("\(answer)\n")
        }
        let run = try ProbeRecord(try program.wait(limit: .seconds(60)))
        let seen = try observer.segments(port: target.port, atLeast: run.segments.count)
        run.expectAgreement(with: seen, sourceLocation: sourceLocation)
        // A crafted segment belongs to no connection.
        if command != "send" { run.expectCourse(of: seen, sourceLocation: sourceLocation) }
        #expect(!answers.isEmpty || run.result.stderr.isEmpty, "\(run.text)", sourceLocation: sourceLocation)
        #expect(try KernelCounters.read(in: us).outRsts == 0, "\(run.text)", sourceLocation: sourceLocation)
        return (run, seen)
    }

    /// Waits until the other end has forgotten our connection, but for what TIME-WAIT it may be in.
    func expectForgotten(_ seen: [SegmentFacts]) throws {
        let waits = WitnessedCourse(segments: seen).peerClosedActively
        switch stack {
        case .lwip(let host):
            try waitUntil("lwIP has forgotten: \(host.table)") {
                host.table.map { $0.split(separator: "=").last } == (waits ? ["TIME_WAIT"] : [])
            }
        case .slirp(let host, _):
            // Its own table cannot be seen, but that it has closed its socket to the server, which may keep the other half.
            let closed: Set<ConnectionState> = [.timeWait, .finWait2, .closeWait]
            try waitUntil("libslirp has closed its socket to the server") {
                try SocketTable.read(in: host.host).connections(port: target.port).allSatisfy {
                    closed.contains($0.state)
                }
            }
        }
    }

    /// Waits until the application behind the stack has seen our connection end: by EOF, or by a reset. libslirp tells the
    /// server of our reset as of a FIN.
    func expectApplicationSaw(reset: Bool, received: Int = 0) throws {
        switch stack {
        case .lwip(let host):
            try waitUntil("the application has seen the end: \(host.events)") {
                host.events.contains { $0.hasSuffix(reset ? ": reset" : ": eof") }
            }
            let read = host.events.compactMap { Int($0.split(separator: ": read ").dropFirst().first ?? "") }
            #expect(read.reduce(0, +) == received, "\(host.events)")
        case .slirp(_, let server):
            let seen = try #require(server).waitUntil { $0.first?.sawEOF == true }
            #expect(seen.map(\.received.count) == [received])
        }
    }
}
