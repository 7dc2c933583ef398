import HandprobeEngine
import HandprobeTCP
import HandprobeWire

/// A client with a whole TCP behind it: opens, speaks, and closes as told.
final class ClientPeer: MemoryPeer {
    private(set) var machine: ConnectionMachine
    private(set) var received: [UInt8] = []
    private let closesFirst: Bool
    private let question: [UInt8]
    /// How many octets it reads before it closes first.
    private let reads: Int
    private var hasSpoken = false
    private var hasClosed = false
    private var hasStarted = false
    private let start: Instant

    /// Opens at `start`; closes as soon as it is open and has read enough, or once we have closed.
    init(
        _ configuration: ConnectionConfiguration,
        closesFirst: Bool,
        question: [UInt8] = [],
        reads: Int = 0,
        start: Instant = Instant(nanoseconds: 0)
    ) {
        machine = ConnectionMachine(configuration)
        self.closesFirst = closesFirst
        self.question = question
        self.reads = reads
        self.start = start
        machine.openActive(at: start)
    }

    var nextTimeout: Instant? { hasStarted ? machine.nextTimeout : start }

    func arrives(_ segment: TCPSegment, at now: Instant) {
        _ = machine.segmentArrives(segment, at: now)
        received += machine.receive()
        if machine.state.isSynchronized, !hasSpoken {
            hasSpoken = true
            machine.send(question, at: now)
        }
        let mayClose =
            closesFirst ? machine.state == .established && received.count >= reads : machine.state == .closeWait
        if mayClose, !hasClosed {
            hasClosed = true
            machine.close(at: now)
        }
    }

    func poll(at now: Instant) -> TCPSegment? {
        guard now >= start else { return nil }
        hasStarted = true
        return machine.poll(at: now)
    }
}

/// Plans every client's service by one rule, and counts who got no answer.
final class PlanningHost: Engine.Host {
    private let plan: (FourTuple) -> ServicePlan?
    private(set) var welcomed: [SocketAddress] = []
    private(set) var passedOver: [PassedOver: Int] = [:]

    init(_ plan: @escaping (FourTuple) -> ServicePlan?) {
        self.plan = plan
    }

    func welcome(_ caller: Caller, as id: ConversationID) -> ServicePlan? {
        welcomed.append(caller.flow.remote)
        return plan(caller.flow)
    }

    func passedOver(_ caller: Caller, because reason: PassedOver) {
        passedOver[reason, default: 0] += 1
    }

    func wentDeaf(because reason: String) {}
}
