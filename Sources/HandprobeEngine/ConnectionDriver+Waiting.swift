import HandprobeJudge
import HandprobeTCP

extension ConnectionDriver {
    /// What the connection waits for, by its plan.
    var wait: (what: Waiting.What, next: Waiting.Next)? {
        switch phase {
        case .opening: (.answer(.synAck), .attempt)
        case .proving: (.answer(.proof), .end)
        case .requesting: (.answer(.dataAcknowledgment), .attempt)
        case .closing where machine.state == .finWait2 || machine.state == .established: (.answer(.peerFin), .end)
        case .closing: (.answer(.finAcknowledgment), .attempt)
        case .partingByReset: (.answer(.goodbyeAnswer), .attempt)
        case .lingering: (.repeatedFin, .end)
        case .finished: nil
        }
    }
}
