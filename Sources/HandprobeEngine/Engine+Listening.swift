import HandprobeJudge
import HandprobeTCP
public import HandprobeWire

extension Engine {
    /// Who decides what becomes of clients that come by themselves.
    public protocol Host: AnyObject {
        /// What is to be done with a client, whose conversation will be `id`; nil when there is no way back to it.
        func welcome(_ caller: Caller, as id: ConversationID) -> ServicePlan?

        /// A SYN got no answer.
        func passedOver(_ caller: Caller, because reason: PassedOver)

        /// Clients cannot be heard any more.
        func wentDeaf(because reason: String)
    }

    /// Answers SYNs that arrive for `socket`, each with a conversation of its own.
    public func listen(on socket: SocketAddress, _ policy: ListenPolicy, host: any Host) {
        listeners[socket.withoutScope] = Listener(policy, host: host, at: transport.now)
    }

    /// Begins a passive conversation when the frame is a SYN for a socket that listens.
    func answerListener(_ dissection: Dissection, on interface: String) -> ConversationID? {
        guard let (caller, syn) = caller(in: dissection, on: interface), let listener = listeners[caller.flow.local]
        else { return nil }
        if let reason = listener.refusal(of: caller, to: syn) {
            listener.host.passedOver(caller, because: reason)
            return nil
        }
        let id = nextID
        guard let plan = listener.host.welcome(caller, as: id) else {
            listener.host.passedOver(caller, because: .noWay)
            return nil
        }
        listeners[caller.flow.local]?.begin(id)
        let driver = ListeningDriver(plan)
        let connection = plan.connection
        return add(
            driver, flow: connection.flow, shape: connection.shape, key: connection.key, expectation: .serve)
    }

    /// Says that a SYN for a socket that listens came in where nothing is captured.
    func passOver(_ dissection: Dissection, elsewhere interface: String) {
        guard let (caller, _) = caller(in: dissection, on: interface), let listener = listeners[caller.flow.local]
        else { return }
        listener.host.passedOver(caller, because: .notCaptured)
    }

    /// The client whose sound SYN this is, and the SYN.
    private func caller(in dissection: Dissection, on interface: String) -> (Caller, TCPSegment)? {
        guard case .tcp(let segment, let checksum) = dissection.transport, checksum != .bad, dissection.problem == nil,
            let ip = dissection.ip, segment.flags.intersection([.syn, .ack, .rst]) == .syn
        else { return nil }
        let flow = FourTuple(
            local: SocketAddress(ip.destination, port: segment.header.destinationPort),
            remote: SocketAddress(ip.source, port: segment.header.sourcePort)
        )
        return (Caller(flow: flow, interface: interface), segment)
    }

    /// Notes when the client of a passive conversation has been served.
    func attend(_ id: ConversationID) {
        guard let conversation = conversations[id], let driver = conversation.driver as? ListeningDriver,
            driver.isServed
        else { return }
        let socket = conversation.flow.local.withoutScope
        listeners[socket]?.serve(id, at: transport.now)
        if listeners[socket]?.isDone == true { listeners[socket] = nil }
    }

    /// Frees the place of a passive conversation that has ended.
    func leave(_ id: ConversationID, flow: FourTuple) {
        listeners[flow.local.withoutScope]?.end(id)
    }

    /// Stops listening where clients were awaited long enough.
    func closeListeners() {
        let now = transport.now
        listeners = listeners.filter { $0.value.deadline.map { now < $0 } ?? true }
    }
}
