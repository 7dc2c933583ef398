import HandprobeEngine
import HandprobeNet
import HandprobeTCP
import HandprobeWire

/// What every client of `listen` gets.
struct Service {
    let answer: Answer
    /// What is sent to it.
    let speech: [UInt8]
    /// True when it is sent only after the client has spoken or closed.
    let speaksSecond: Bool
    let farewell: ConnectionPlan.Farewell
    /// True when our FIN is kept back until the client's is here.
    let crossesFins: Bool
    /// True when the ACK that would end it all is kept back.
    let withholdsLastAck: Bool
    /// How long the client is awaited at each step.
    let timeout: Duration
    /// How our SYN looks.
    let syn: SynOptions
    /// What every segment is signed with; nil where none is.
    let key: SignatureKey?

    /// What is to be done with the client of `flow`, to which `route` leads.
    func plan(_ flow: FourTuple, along route: Route) throws -> ServicePlan {
        var connection = try syn.connection(flow, along: route, defaults: key == nil ? .current : .forSignedSyn)
        // Who answers a SYN agrees to ECN by ECE alone (RFC 3168 §6.1.1).
        connection.synFlags = syn.flags ?? (syn.ecn ? [.syn, .ece] : .syn)
        connection.finRidesOnData = !crossesFins
        if key != nil { try connection.reserveSignature() }
        var plan = ConnectionPlan(flow: flow, connection: connection, shape: PacketShape(along: route))
        plan.key = key
        plan.asksForProof = false
        plan.request = speech
        plan.speaksSecond = speaksSecond && !speech.isEmpty
        plan.farewell = farewell
        plan.closesWithRequest = crossesFins
        if crossesFins { plan.maneuvers.append(Maneuver(.fin, .hold(.peerFin(atMost: timeout)))) }
        if withholdsLastAck { plan.maneuvers.append(Maneuver(.lastAck, .hold(.peerSilence(atMost: timeout)))) }
        plan.speechWait = timeout
        plan.peerFinWait = timeout
        return ServicePlan(answer: answer, connection: plan)
    }

    /// True when a client is served although no connection is opened.
    var leavesClosed: Bool {
        switch answer {
        case .reset, .drop: true
        default: false
        }
    }
}
