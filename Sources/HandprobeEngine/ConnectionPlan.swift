public import HandprobeTCP
public import HandprobeWire

/// What is to be done with one connection: how to open it, what to say, how to end it, how long to wait.
public struct ConnectionPlan: Sendable {
    /// How our side ends the connection.
    public enum Farewell: Hashable, Sendable {
        /// FIN, then the peer's FIN is awaited.
        case fin
        /// RST at exactly SND.NXT, then a probe that must draw a RST.
        case rst
        /// Nothing of our own: the peer's FIN is awaited, then answered with ours.
        case afterPeer
        /// Nothing, as long as the peer's FIN would be awaited; then RST.
        case never
    }

    /// The pair of sockets.
    public var flow: FourTuple
    /// How the TCP endpoint behaves.
    public var connection: ConnectionConfiguration
    /// The IP header around our segments.
    public var shape: PacketShape
    /// What our segments are signed with and the peer's must be; nil for none.
    public var key: SignatureKey?
    /// Ask for proof that the peer considers the connection open before anything else is said.
    public var asksForProof: Bool
    /// Octets to send once the connection is open; empty for none.
    public var request: [UInt8]
    /// Those that the SYN has room for leave with it (`ConnectionConfiguration.synText`).
    public var speaksWithSyn: Bool
    /// Wait with them until the peer has spoken, or closed.
    public var speaksSecond: Bool
    /// FIN leaves with the request, or in its stead when there is none, without waiting for any acknowledgment.
    public var closesWithRequest: Bool
    /// What the open connection goes through before that, one after the other.
    public var trials: [Trial]
    /// How our side ends the connection.
    public var farewell: Farewell
    /// Octets to send once the peer's FIN is there and before ours; with `.afterPeer`.
    public var dataAfterFin: [UInt8]
    /// Octets to send, in one segment, once the peer has reset the connection.
    public var dataAfterReset: [UInt8]
    /// How long the peer waits for our FIN once its own is there; with `.afterPeer`.
    public var finDelay: Duration
    /// How long after a connection that the peer closed first it is asked, by our FIN again, whether it still knows it; nil
    /// when it is not asked.
    public var recallWait: Duration?
    /// What is done on purpose to segments of ours before they leave.
    public var maneuvers: [Maneuver]
    /// How long our SYN is waited for in all; nil leaves it to the connection's attempts.
    public var openingWait: Duration?
    /// How long an unproved connection is watched when the peer did not say that it is embryonic.
    public var proofWait: Duration
    /// How long an embryonic one is watched for it to become synchronised.
    public var embryonicWait: Duration
    /// How long the peer is awaited to speak first.
    public var speechWait: Duration
    /// How long the peer's FIN is awaited once ours is confirmed (or, with `.afterPeer`, once the connection is open).
    public var peerFinWait: Duration
    /// How long a SYN-ACK may still come after a hard ICMP error before the error is taken as the answer.
    public var icmpGrace: Duration

    /// A plan; the durations left out are those of the commands.
    public init(
        flow: FourTuple,
        connection: ConnectionConfiguration,
        shape: PacketShape = PacketShape(),
        key: SignatureKey? = nil,
        asksForProof: Bool = true,
        request: [UInt8] = [],
        speaksWithSyn: Bool = false,
        speaksSecond: Bool = false,
        closesWithRequest: Bool = false,
        trials: [Trial] = [],
        farewell: Farewell = .fin,
        dataAfterFin: [UInt8] = [],
        dataAfterReset: [UInt8] = [],
        finDelay: Duration = .zero,
        recallWait: Duration? = nil,
        maneuvers: [Maneuver] = [],
        openingWait: Duration? = nil,
        proofWait: Duration = .milliseconds(1200),
        embryonicWait: Duration = .milliseconds(3500),
        speechWait: Duration = .seconds(3),
        peerFinWait: Duration = .seconds(3),
        icmpGrace: Duration = .milliseconds(200)
    ) {
        self.flow = flow
        self.connection = connection
        self.shape = shape
        self.key = key
        self.asksForProof = asksForProof
        self.request = request
        self.speaksWithSyn = speaksWithSyn
        self.speaksSecond = speaksSecond
        self.closesWithRequest = closesWithRequest
        self.trials = trials
        self.farewell = farewell
        self.dataAfterFin = dataAfterFin
        self.dataAfterReset = dataAfterReset
        self.finDelay = finDelay
        self.recallWait = recallWait
        self.maneuvers = maneuvers
        self.openingWait = openingWait
        self.proofWait = proofWait
        self.embryonicWait = embryonicWait
        self.speechWait = speechWait
        self.peerFinWait = peerFinWait
        self.icmpGrace = icmpGrace
    }
}
