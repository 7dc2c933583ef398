import ArgumentParser
import HandprobeEngine
import HandprobeReport

/// The ways in which a teardown can differ from FIN, ACK, FIN, ACK.
struct ClosingOptions: ParsableArguments {
    /// Who sends the first FIN.
    enum First: String, ExpressibleByArgument, CaseIterable {
        case us, peer
    }

    /// Where a RST lies.
    enum Abort: String, ExpressibleByArgument, CaseIterable {
        case exact, window, outside
    }

    /// A state whose length at the peer is measured.
    enum Measured: String, ExpressibleByArgument, CaseIterable {
        case timeWait = "time-wait"
        case finWait2 = "fin-wait-2"

        var subject: Lifetime.Subject { self == .timeWait ? .timeWait : .finWait2 }
    }

    @Option(help: "Who sends the first FIN: us, or peer, which is waited for during --wait.")
    var first: First = .us

    @Flag(help: "Send request and FIN together and read the answer after our FIN: does the peer honour half-close?")
    var halfClose = false

    @Flag(help: "Keep our FIN back until the peer's is here, then send it without confirming that: the FINs cross.")
    var simultaneous = false

    @Flag(help: "Send our FIN before the last segment of the request, which follows 100 ms later.")
    var finBeforeData = false

    @Flag(help: "Keep our last ACK back until the peer has stopped repeating its FIN, or for --wait.")
    var withholdLastAck = false

    @Option(
        help: ArgumentHelp(
            "Wait for the peer's FIN, as --first peer does, and send this text before ours.", valueName: "text"),
        transform: Self.speech)
    var dataAfterFin: [UInt8]?

    @Option(
        help: ArgumentHelp(
            "Should the peer reset the connection, send this text after its RST: a RST that the peer has not made itself "
                + "does not end its side.", valueName: "text"),
        transform: Self.speech)
    var dataAfterRst: [UInt8]?

    @Option(
        help: ArgumentHelp(
            "End with RST: exact, at the next octet; or first send one inside the window or outside it and see whether "
                + "the peer keeps the connection, which is then closed with FIN.", valueName: "exact|window|outside"))
    var abort: Abort?

    @Option(
        help: ArgumentHelp(
            "Find out how long a peer that closes first keeps TIME-WAIT, or waits for our FIN in FIN-WAIT-2: eight "
                + "connections at once, each asked once after a time of its own, up to --wait.",
            valueName: "time-wait|fin-wait-2"))
    var measure: Measured?

    /// Reads what is to be said after the peer's end: one segment's worth.
    private static let speech = reading { text throws(ArgumentProblem) in
        let octets = try EscapedText.octets(text)
        guard 1...500 ~= octets.count else { throw ArgumentProblem("'\(text)' has to be 1 to 500 octets long") }
        return octets
    }

    /// True when our FIN waits for the peer's.
    private var waitsForPeer: Bool { first == .peer || dataAfterFin != nil || measure != nil }

    /// What contradicts the rest of the command line.
    func validate(with request: RequestOptions, _ opening: OpeningOptions) throws {
        if halfClose || finBeforeData, !request.isGiven {
            let option = halfClose ? "--half-close" : "--fin-before-data"
            throw ValidationError("\(option) needs something to send: add --send, --send-hex or --http")
        }
        if abort != nil, waitsForPeer || halfClose || simultaneous || finBeforeData || opening.finOn != nil {
            throw ValidationError("--abort breaks the connection off before any FIN: leave the ways to send one out")
        }
        if abort == .exact, withholdLastAck || opening.twice.contains(.fin) {
            throw ValidationError("--abort exact sends no FIN: leave --withhold-last-ack and --twice fin out")
        }
        guard [waitsForPeer, halfClose, simultaneous, finBeforeData, opening.finOn != nil].filter({ $0 }).count <= 1
        else {
            throw ValidationError(
                "--first peer (and with it --data-after-fin and --measure), --half-close, --simultaneous, --fin-before-data and "
                    + "--fin-on each say when our FIN leaves: use one of them"
            )
        }
        if withholdLastAck, waitsForPeer {
            throw ValidationError(
                "with --first peer, --data-after-fin or --measure our FIN is the last we say: there is no last ACK to withhold"
            )
        }
        if measure != nil, dataAfterFin != nil || dataAfterRst != nil || opening.withholdAck {
            throw ValidationError(
                "--measure has the peer wait in silence: leave --data-after-fin, --data-after-rst and --withhold-ack out"
            )
        }
        if dataAfterRst != nil, abort == .exact {
            throw ValidationError("with --abort exact the RST is ours: leave --data-after-rst out")
        }
        if simultaneous, opening.twice.contains(.fin) {
            throw ValidationError("--simultaneous keeps our FIN back: leave --twice fin out")
        }
        if opening.dataOn == .syn, halfClose || simultaneous {
            throw ValidationError(
                "--data-on syn sends the request before it is open: --half-close and --simultaneous do not")
        }
        if finBeforeData, opening.twice.contains(.data) || opening.dataOn != nil {
            throw ValidationError(
                "--fin-before-data says when the request leaves: leave --data-on and --twice data out")
        }
    }

    /// Adds these ways to a course.
    func apply(to course: inout Course, wait: Duration) {
        if waitsForPeer { course.farewell = .afterPeer }
        course.dataAfterFin = dataAfterFin ?? []
        course.dataAfterReset = dataAfterRst ?? []
        switch abort {
        case .exact:
            course.farewell = .rst
            // Nothing else would show that there was a connection to break off.
            course.asksForProof = course.request.isEmpty
        case .window: course.trials = [.reset(.window)]
        case .outside: course.trials = [.reset(.outside)]
        case nil: break
        }
        if halfClose { course.closesWithRequest = true }
        if simultaneous {
            // Made before the peer can answer, so that it is there whenever the peer's comes.
            course.closesWithRequest = true
            course.finRidesOnData = false
            course.maneuvers.append(Maneuver(.fin, .hold(.peerFin(atMost: wait))))
        }
        if finBeforeData {
            course.closesWithRequest = true
            course.finRidesOnData = false
            course.maneuvers.append(Maneuver(.lastData, .hold(.ourFin(then: .milliseconds(100)))))
        }
        if withholdLastAck { course.maneuvers.append(Maneuver(.lastAck, .hold(.peerSilence(atMost: wait)))) }
    }
}
