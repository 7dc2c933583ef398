import ArgumentParser
import HandprobeEngine

/// The ways in which a handshake can differ from the usual three segments.
struct OpeningOptions: ParsableArguments {
    /// A segment of ours that can carry the request.
    enum DataCarrier: String, ExpressibleByArgument, CaseIterable {
        case syn, ack
    }

    /// A segment of ours that can carry our FIN.
    enum FinCarrier: String, ExpressibleByArgument, CaseIterable {
        case ack, data
    }

    /// A segment of ours that can leave twice.
    enum Repeatable: String, ExpressibleByArgument, CaseIterable {
        case syn, ack, data, fin
    }

    @Flag(help: "Keep our ACK back until the peer stops repeating its SYN-ACK, or for --wait (then 75s by default).")
    var withholdAck = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "First confirm the SYN-ACK wrongly: this many octets too many, or with a minus too few.",
            valueName: "octets"
        ),
        transform: reading { text throws(ArgumentProblem) in
            guard let octets = Int32(text), octets != 0 else {
                throw ArgumentProblem("'\(text)' makes no wrong ACK: give a whole number but 0, as in 1 or -1")
            }
            return Int(octets)
        })
    var wrongAck: Int?

    @Option(help: "Send the first such segment two times: syn, ack (the third segment), data or fin; may be repeated.")
    var twice: [Repeatable] = []

    @Option(help: "Send the request with our SYN (syn), as far as it has room, or with the third segment (ack).")
    var dataOn: DataCarrier?

    @Option(help: "Send our FIN with the third segment (ack), or with the last of the request (data).")
    var finOn: FinCarrier?

    func validate() throws {
        guard [withholdAck, wrongAck != nil, dataOn == .ack || finOn == .ack].filter({ $0 }).count <= 1 else {
            throw ValidationError(
                "--withhold-ack, --wrong-ack, and --data-on or --fin-on ack each say what becomes of the third segment: "
                    + "use one of them"
            )
        }
        if twice.contains(.ack), withholdAck || wrongAck != nil || dataOn == .ack || finOn == .ack {
            throw ValidationError("--twice ack sends a third segment of its own: leave the other ways to send it out")
        }
    }

    /// What contradicts the request that there is, or is missing from it.
    func validate(with request: RequestOptions) throws {
        if dataOn != nil, !request.isGiven {
            throw ValidationError("--data-on needs something to send: add --send, --send-hex or --http")
        }
        if dataOn == .syn, finOn != nil {
            throw ValidationError("--data-on syn and --fin-on both say what the request goes with: use one of them")
        }
        if finOn == .data, !request.isGiven {
            throw ValidationError("--fin-on data needs something to send: add --send, --send-hex or --http")
        }
        if finOn == .ack, request.isGiven, dataOn != .ack {
            throw ValidationError("with --fin-on ack the request is on the third segment as well: add --data-on ack")
        }
        if twice.contains(.data), !request.isGiven {
            throw ValidationError("--twice data needs something to send: add --send, --send-hex or --http")
        }
    }

    /// The longest time that an ACK is withheld.
    func patience(_ wait: Duration?) -> Duration { wait ?? .seconds(75) }

    /// Adds these ways to a course; `wait` is what the person has said.
    func apply(to course: inout Course, wait: Duration?) {
        if withholdAck {
            course.maneuvers.append(Maneuver(.handshakeAck, .hold(.peerSilence(atMost: patience(wait)))))
        }
        if let wrongAck {
            course.maneuvers.append(Maneuver(.handshakeAck, .replace([Alteration(ack: wrongAck)])))
        }
        if dataOn == .syn { course.speaksWithSyn = true }
        if dataOn == .ack || finOn == .ack { course.maneuvers.append(Maneuver(.handshakeAck, .omit)) }
        // What goes with the third segment is confirmed before a question could be, and proves as much.
        if dataOn == .ack || finOn == .ack { course.asksForProof = false }
        if finOn != nil { course.closesWithRequest = true }
        for segment in Set(twice) { course.maneuvers.append(Maneuver(segment.role, .sendTwice)) }
    }
}

extension OpeningOptions.Repeatable {
    fileprivate var role: Maneuver.Role {
        switch self {
        case .syn: .syn
        case .ack: .handshakeAck
        case .data: .data
        case .fin: .fin
        }
    }
}
