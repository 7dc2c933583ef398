import HandprobeJudge
import HandprobeTCP

extension ConnectionDriver {
    /// What the connection waits for, by its plan.
    var wait: (what: Waiting.What, next: Waiting.Next)? {
        switch phase {
        case .opening where player.isHolding(.handshakeAck): (.repeatedSynAck, .end)
        case .opening: (.answer(.synAck), .attempt)
        case .proving: (.answer(.proof), .end)
        case .requesting: (.answer(.dataAcknowledgment), .attempt)
        case .trying where life.attempts == 0: (.silence, .end)
        case .trying: (.answer(.keepaliveAnswer), .attempt)
        case .closing where player.isHolding(.lastAck): (.repeatedFin, .end)
        case .closing where player.isHolding(.fin): (.answer(.peerFin), .end)
        case .closing where machine.state == .closeWait:
            plan.finDelay > .zero ? (.silence, .end) : (.answer(.dataAcknowledgment), .attempt)
        case .afterword where life.attempts == 0: (.silence, .end)
        case .afterword: (.answer(.anyAnswer), .attempt)
        case .closing where machine.state == .finWait2 || machine.state == .established: (.answer(.peerFin), .end)
        case .closing: (.answer(.finAcknowledgment), .attempt)
        case .partingByReset: (.answer(.goodbyeAnswer), .attempt)
        case .lingering: (.repeatedFin, .end)
        case .finished: nil
        }
    }
}
