import HandprobeEngine
import HandprobeJudge

/// What a command wants done with a connection, whatever its address.
struct Course {
    var farewell: ConnectionPlan.Farewell
    var expectation: Expectation
    var asksForProof = true
    var request: [UInt8] = []
    var closesWithRequest = false
    var finRidesOnData = true
    var speaksWithSyn = false
    var maneuvers: [Maneuver] = []
    var trials: [Trial] = []
    var dataAfterFin: [UInt8] = []
    var dataAfterReset: [UInt8] = []
    var peerFinWait = Duration.seconds(3)

    init(farewell: ConnectionPlan.Farewell, expectation: Expectation) {
        self.farewell = farewell
        self.expectation = expectation
    }
}
