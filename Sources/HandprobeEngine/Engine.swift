public import HandprobeJudge
public import HandprobeTCP
import HandprobeWire

/// One event loop for any number of conversations, active and passive, over any transport.
///
/// Frames become events in one place, events are judged as they come, and each conversation's driver answers them.
public final class Engine {
    /// Where conversations that are wanted later come from.
    public protocol Source: AnyObject {
        /// When the next one is wanted; nil when there will be none.
        var nextStart: Instant? { get }
        /// The next one; nil when it cannot be begun.
        func nextPlan(at now: Instant) -> EnginePlan?
        /// Those that are not wanted any more since it was last asked: they say goodbye now.
        func takeDismissed() -> [ConversationID]
    }

    /// One conversation with its record.
    struct Conversation {
        let flow: FourTuple
        var driver: any ConversationDriver
        var recorder: FlowRecorder
        var judge: Judge
        var shape: PacketShape
        let key: SignatureKey?
        /// The segment that waits for a person's decision.
        var held: TCPSegment?
        /// Ended early: what is still said is the goodbye.
        var isBrokenOff = false
        var hasSettled = false
        /// What it waits for and since when, where somebody wants to know.
        var waitsFor: (what: Waiting.What, since: Instant)?
        /// Something was observed since the result was given.
        var hasNews = false
        /// What was decided while packets that left before it are still to be captured, and when.
        var decided: [(event: Event, at: Instant)] = []
    }

    /// How long one of our packets may take to show up in the capture before that is remarkable.
    static let patience = Duration.milliseconds(250)

    let transport: any SegmentTransport
    let observer: any EngineObserver
    var conversations: [ConversationID: Conversation] = [:]
    var byFlow: [FourTuple: ConversationID] = [:]
    var timers = TimerQueue()
    var source: (any Source)?
    var listeners: [SocketAddress: Listener] = [:]
    /// The conversations with events that nothing was answered to yet, in their order.
    var heardFrom: [ConversationID] = []
    /// The conversations that have sent packets in which no segment can be found.
    var sendersOfBroken: Set<ConversationID> = []
    private var count = 0
    /// When the observer was last told what is waited for.
    var lastTelling: Instant?
    /// The name of the next conversation.
    var nextID: ConversationID { ConversationID(count + 1) }
    /// The signal that ended the run early; a closed output counts as SIGPIPE.
    public internal(set) var interruptedBy: Int32?
    /// True when a second signal asked to leave at once.
    var leavesAtOnce = false

    /// An engine without conversations.
    public init(transport: any SegmentTransport, observer: any EngineObserver) {
        self.transport = transport
        self.observer = observer
    }

    /// Begins a conversation now.
    @discardableResult
    public func add(_ plan: EnginePlan) -> ConversationID {
        let now = transport.now
        switch plan {
        case .connection(let plan, let expectation):
            var driver = ConnectionDriver(plan)
            driver.start(at: now)
            return add(driver, flow: plan.flow, shape: plan.shape, key: plan.key, expectation: expectation)
        case .crafted(let plan):
            var driver = CraftedExchange(plan)
            driver.start(at: now)
            return add(driver, flow: plan.flow, shape: plan.shape, key: plan.key, expectation: .answer)
        }
    }

    @discardableResult
    func add(
        _ driver: any ConversationDriver,
        flow: FourTuple,
        shape: PacketShape,
        key: SignatureKey? = nil,
        expectation: Expectation
    ) -> ConversationID {
        let id = nextID
        count += 1
        conversations[id] = Conversation(
            flow: flow,
            driver: driver,
            recorder: FlowRecorder(flow: flow, patience: Self.patience, key: key),
            judge: Judge(flow: flow, expectation: expectation),
            shape: shape,
            key: key
        )
        byFlow[flow.withoutScopes] = id
        timers.set(transport.now, for: id)
        return id
    }

    /// Runs until every conversation has ended, `source` has no more, and no listener waits.
    public func run(source: (any Source)? = nil) {
        self.source = source
        var arrivals = Arrivals()
        while !leavesAtOnce {
            startWanted()
            endDismissed()
            serveTimers()
            closeListeners()
            guard !conversations.isEmpty || self.source?.nextStart != nil || !listeners.isEmpty else { return }
            tellWaiting()
            let waits = [timers.next(), self.source?.nextStart, nextTelling] + listeners.values.map(\.deadline)
            let deadline = waits.compactMap { $0 }.min()
            transport.receive(into: &arrivals, until: deadline)
            // All that has come is heard before anything is answered: one ACK then confirms what came together.
            for frame in arrivals.frames { take(frame, octets: arrivals.octets) }
            for id in heardFrom { serve(id) }
            heardFrom.removeAll(keepingCapacity: true)
            for incident in arrivals.incidents { take(incident) }
        }
    }

    private func startWanted() {
        while let start = source?.nextStart, start <= transport.now {
            if let plan = source?.nextPlan(at: transport.now) { add(plan) }
        }
    }

    private func endDismissed() {
        let now = transport.now
        for id in source?.takeDismissed() ?? [] where conversations[id] != nil {
            record(.manual("another connection has told what this one was to tell: it is broken off"), of: id, at: now)
            breakOff(id, at: now)
            serve(id)
        }
    }

    private func serveTimers() {
        while let id = timers.popDue(at: transport.now) { serve(id) }
    }

    /// Lets a conversation say all it wants to say now, then sees whether its result is known.
    func serve(_ id: ConversationID) {
        let now = transport.now
        if let unseen = conversations[id]?.recorder.unseen(at: now, time: transport.wallClock(of: now)) {
            for event in unseen { deliver(event, to: id) }
        }
        drain(id)
        attend(id)
        tellDecided(id)
        settle(id)
        guard let conversation = conversations[id] else { return }
        let wanted = conversation.held == nil ? conversation.driver.nextTimeout : nil
        let unseen = conversation.recorder.oldestUnseen.map { $0 + Self.patience + .nanoseconds(1) }
        timers.set([wanted, unseen].compactMap { $0 }.min(), for: id)
    }

    /// The result is known once the driver says so and everything we sent was seen leaving, or noted as not seen.
    private func settle(_ id: ConversationID) {
        guard var conversation = conversations[id], conversation.driver.isSettled,
            conversation.recorder.oldestUnseen == nil
        else { return }
        if !conversation.hasSettled {
            conversation.hasSettled = true
            conversation.hasNews = false
            let verdict = conversation.judge.conclude()
            conversations[id] = conversation
            observer.settled(verdict, of: id)
        }
        guard conversation.driver.isFinished else { return }
        if conversation.hasNews { observer.revised(conversation.judge.conclude(), of: id) }
        conversations[id] = nil
        byFlow[conversation.flow.withoutScopes] = nil
        sendersOfBroken.remove(id)
        timers.set(nil, for: id)
        leave(id, flow: conversation.flow)
        observer.ended(id)
    }

    /// Judges an event, shows it, and tells the driver; what was decided earlier comes first.
    func deliver(_ event: Event, to id: ConversationID) {
        while let first = conversations[id]?.decided.first, first.event.time < event.time { tellFirstDecided(id) }
        judge(event, of: id)
    }

    /// Tells what was decided, as far as everything that left before it has been captured.
    func tellDecided(_ id: ConversationID) {
        while let first = conversations[id]?.decided.first {
            guard conversations[id]?.recorder.oldestUnseen.map({ $0 >= first.at }) ?? true else { return }
            tellFirstDecided(id)
        }
    }

    private func tellFirstDecided(_ id: ConversationID) {
        guard let first = conversations[id]?.decided.removeFirst() else { return }
        judge(first.event, of: id)
    }

    private func judge(_ event: Event, of id: ConversationID) {
        guard let reading = conversations[id]?.judge.observe(event) else { return }
        conversations[id]?.hasNews = true
        observer.observed(event, reading: reading, of: id)
        conversations[id]?.driver.observe(event, reading: reading, at: transport.now)
    }
}

extension Engine.Source {
    /// Wants every conversation to its end.
    public func takeDismissed() -> [ConversationID] { [] }
}

/// A conversation to begin.
public enum EnginePlan: Sendable {
    /// A connection, from SYN to goodbye.
    case connection(ConnectionPlan, Expectation)
    /// One crafted segment and its answers.
    case crafted(CraftedPlan)
}
