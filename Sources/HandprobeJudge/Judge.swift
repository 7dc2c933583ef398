import HandprobeTCP
public import HandprobeWire

/// Folds events into readings and a verdict. It knows only what the events show, so a capture of a run read back later
/// gives the same verdict as the run did. Its state is bounded, however long the transcript.
public struct Judge: Sendable {
    /// The connection, `local` being us.
    public let flow: FourTuple
    /// What the transcript is measured by.
    public let expectation: Expectation

    var observer = ConnectionObserver()
    var requests = RequestLogs()
    var log = FindingLog()
    /// Events observed so far.
    var count = 0
    /// The event being observed.
    var now = Moment(index: 0, time: Timestamp(nanoseconds: 0))
    /// How far the connection had come before the event being observed.
    var stageBefore = Stage.postSyn
    /// What the event being observed means so far; empty between events.
    var meanings: [Meaning] = []

    /// The first thing that came from outside in answer to us.
    var firstAnswer: FirstAnswer?
    /// The first segment of ours.
    var firstSent: Moment?
    /// Segments of ours that were handed over and not seen leaving so far.
    var unseen: [UnseenSegment] = []
    /// The one segment that `send` has sent.
    var crafted: CraftedSegment?
    /// True when it was answered as a port without a connection must.
    var craftedIsAnswered = false
    var proof: Proof?
    /// The question whether the peer is synchronised, not answered yet.
    var question: Moment?
    /// The acknowledgment number it was last asked with, answered or not.
    var askedWith: SequenceNumber?
    /// True while a keepalive of ours is unanswered: its answer must not be taken for anything else.
    var keepaliveIsOut = false
    /// True while a segment of ours that the peer cannot accept is unanswered.
    var provocationIsOut = false
    /// When the latest segment of either end was captured, and the time without any before the one being observed.
    var latestSegment: Timestamp?
    var quiet = Duration.zero
    /// Time without any segment before our unanswered keepalive.
    var quietBeforeKeepalive = Duration.zero
    /// What the peer said when a silence was over.
    var lateWords: LateWords?
    /// Our RST at another number than the next, not answered yet.
    var strayReset: StrayReset?
    /// Flags of our SYN.
    var offeredFlags = TCPFlags()
    /// Our first acknowledgment of something else than the peer's SYN, in place of the third segment, and its refusal.
    var wrongAck: Moment?
    var wrongAckIsRefused = false
    /// Our FIN, when it left before the data in front of it was acknowledged: the peer cannot have answered yet.
    var finWithRequest: Moment?
    /// Octets of the peer since then, and what they say of their own number.
    var octetsAfterRequest = 0
    var gauge = AnswerGauge()
    /// The peer's SYN-ACKs since we acknowledged the first, and those that only answer another SYN of ours.
    var repeatedSynAcks = 0
    var explainedSynAcks = 0
    /// Our acknowledgments of a repeated SYN-ACK.
    var repeatedThirdSegments = 0
    /// When the peer last answered the question as an embryonic connection does.
    var embryonic: Moment?
    var ourReset: OurReset?
    var peerReset: Moment?
    var refusal: Moment?
    var synsCrossed = false
    /// The ends that have answered a crossed SYN by a SYN-ACK: their own SYN a second time, but not a repetition.
    var crossedAnswers: Set<End> = []
    var peerOpened = false
    /// Octets of ours that left after the peer's FIN or RST, not answered yet.
    var lateData: LateData?
    /// Our FIN, when it came a while after we had confirmed the peer's, or after both directions were closed; not answered.
    var lateFin: LateFin?
    /// True when our ACK of the peer's SYN and our own SYN were two segments.
    var answeredApart = false
    /// When we refused the peer's SYN.
    var ourRefusal: Moment?
    /// The end whose FIN was captured first.
    var firstFin: End?
    /// True when the second FIN left before the first had arrived.
    var finsCrossed = false
    /// True when the second FIN was also the first acknowledgment of the first.
    var finsShareSegment = false
    /// Octets of data that went either way.
    var octetsFromUs = 0
    var octetsFromPeer = 0
    /// The last segment of ours that carried data.
    var latestData: Int?
    /// Octets that each end sent while the other had closed its direction.
    var halfClosedOctets = 0
    /// Segments sent again, by end.
    var repeats = PerEnd<Repeats>()
    /// The last segment of each end, to know a copy of it made by the network.
    var latest = PerEnd<LatestSegment>()
    /// The end whose repeated request nobody has confirmed again yet.
    var repeatedRequest = PerEnd<RequestKind>()
    var gaveUp: [Event.Wait: GivenUp] = [:]
    /// When somebody, or a capture that stopped working, ended the run before it was complete.
    var interruption: Moment?
    var clockWasStepped = false
    var sawCoalesced = false
    var framesLost = 0
    /// ICMP errors that came, believed or not.
    var errorsSeen = 0
    /// What was looked at before silence was believed.
    var silenceCheck: SilenceCheck?
    /// The shortest round trip measured after the handshake.
    var laterRoundTrip: Duration?
    /// What our SYN offered.
    var offer: TCPOptions?
    /// What the peer's segments have in common; nil before the first.
    var traits: PeerTraits?

    /// A judge that has seen nothing yet.
    public init(flow: FourTuple, expectation: Expectation) {
        self.flow = flow
        self.expectation = expectation
    }

    /// Takes one event in and says what it means.
    public mutating func observe(_ event: Event) -> Reading {
        var reading = Reading()
        observe(event, into: &reading)
        return reading
    }

    /// Takes one event in and says what it means in a reading made before, so that a file of millions needs only one.
    public mutating func observe(_ event: Event, into reading: inout Reading) {
        switch event.kind {
        case .segment(let observed): observe(observed, at: event.time, into: &reading)
        case .icmpError(let error): observe(at: event.time, into: &reading) { judge, _ in judge.observe(error) }
        default: observe(at: event.time, into: &reading) { judge, _ in judge.observeIncident(event.kind) }
        }
    }

    /// The same for an event that is a segment.
    mutating func observe(_ observed: ObservedSegment, at time: Timestamp, into reading: inout Reading) {
        observe(at: time, into: &reading) { judge, observation in judge.observe(observed, &observation) }
    }

    @inline(__always)
    private mutating func observe(
        at time: Timestamp,
        into reading: inout Reading,
        _ body: (inout Judge, inout SegmentObservation) -> Void
    ) {
        now = Moment(index: count, time: time)
        count += 1
        stageBefore = stage
        var observation = SegmentObservation()
        reading.meanings.removeAll(keepingCapacity: true)
        swap(&meanings, &reading.meanings)
        body(&self, &observation)
        noticeSilence()
        swap(&meanings, &reading.meanings)
        reading.ourState = observer.ourState
        reading.peerState = observer.peerState
        reading.relativeSeq = observation.seq
        reading.relativeAck = observation.ack
    }

    mutating func say(_ meaning: Meaning) { meanings.append(meaning) }

    /// How far the connection has come.
    var stage: Stage {
        // Inlined, because for a call the whole judge would be copied.
        @inline(__always) get {
            if observer.us.fin != nil || observer.peer.fin != nil || ourReset != nil || peerReset != nil {
                return .closing
            }
            if octetsFromUs > 0 || octetsFromPeer > 0 { return .postData }
            return isOpen ? .postAck : .postSyn
        }
    }

    /// True when both SYNs are confirmed, as far as segments show it.
    var isOpen: Bool {
        observer.us.synConfirmed && observer.peer.synConfirmed
    }

    /// True when an answer came that leaves no question.
    var hasDefiniteAnswer: Bool {
        observer.us.synConfirmed || refusal != nil || craftedIsAnswered
    }

    /// True when both FINs are confirmed.
    var isClosed: Bool {
        observer.us.finConfirmed && observer.peer.finConfirmed
    }

    mutating func note(
        _ code: FindingCode,
        _ sentence: String,
        stage: Stage? = nil,
        source: Origin?,
        evidence: [Int]? = nil
    ) {
        log.add(code, sentence, stage: stage ?? stageBefore, source: source, evidence: evidence ?? [now.index])
    }

    func record(_ kind: RequestKind) -> RequestLog {
        requests[kind]
    }
}
