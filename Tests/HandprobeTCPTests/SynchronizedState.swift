import HandprobeTCP
import Testing

/// One of the synchronised states, how a test gets there, and where the numbers stand then, relative to both ISNs.
struct SynchronizedState: Sendable, CustomTestStringConvertible {
    var state: ConnectionState
    var script: String
    var sndUna: Int
    var sndNxt: Int
    var rcvNxt: Int
    var testDescription: String { state.rawValue }

    /// In these the peer's FIN has come, so that nothing more of it is text.
    var hasPeerFin: Bool { rcvNxt == 2 }

    private static let open = """
        +0   open
        +0   > S 0:0(0)
        +.01 < S. 0:0(0) ack 1 win 65535
        +0   > . 1:1(0) ack 1
        """
    private static let weClose = """

        +0   close
        +0   > F. 1:1(0) ack 1
        """
    private static let theyClose = """

        +.01 < F. 1:1(0) ack 1 win 65535
        +0   > . 1:1(0) ack 2
        """

    static let all = [
        SynchronizedState(state: .established, script: open, sndUna: 1, sndNxt: 1, rcvNxt: 1),
        SynchronizedState(state: .finWait1, script: open + weClose, sndUna: 1, sndNxt: 2, rcvNxt: 1),
        SynchronizedState(
            state: .finWait2,
            script: open + weClose + "\n+.01 < . 1:1(0) ack 2 win 65535",
            sndUna: 2,
            sndNxt: 2,
            rcvNxt: 1
        ),
        SynchronizedState(state: .closeWait, script: open + theyClose, sndUna: 1, sndNxt: 1, rcvNxt: 2),
        SynchronizedState(
            state: .closing,
            script: open + weClose + "\n+.01 < F. 1:1(0) ack 1 win 65535\n+0 > . 2:2(0) ack 2",
            sndUna: 1,
            sndNxt: 2,
            rcvNxt: 2
        ),
        SynchronizedState(
            state: .lastAck,
            script: open + theyClose + "\n+0 close\n+0 > F. 1:1(0) ack 2",
            sndUna: 1,
            sndNxt: 2,
            rcvNxt: 2
        ),
        SynchronizedState(
            state: .timeWait,
            script: open + weClose + "\n+.01 < F. 1:1(0) ack 2 win 65535\n+0 > . 2:2(0) ack 2",
            sndUna: 2,
            sndNxt: 2,
            rcvNxt: 2
        ),
    ]

    /// A machine brought there.
    func machine(_ change: (inout ConnectionConfiguration) -> Void = { _ in }) throws -> ConnectionMachine {
        var machine = HandprobeTCPTests.machine(change)
        try exchange(&machine, script + "\n+0 = \(state.rawValue)")
        return machine
    }

    /// Injects `segment` and expects `answer`, `.` standing for the plain ACK of our numbers and nil for nothing.
    func inject(_ segment: String, into machine: inout ConnectionMachine, answer: String?) throws -> Reception {
        let expected = answer.map { "\n+0 > " + ($0 == "." ? ". \(sndNxt):\(sndNxt)(0) ack \(rcvNxt)" : $0) } ?? ""
        let now = Instant(nanoseconds: 40_000_000)
        return try exchange(&machine, from: now, "+0 < \(segment) win 65535\(expected)")[0]
    }
}
