import HandprobeJudge

/// A step of a conversation that is worth a word to somebody who is learning, each told once.
enum Lesson: Hashable, Sendable, CaseIterable {
    case ourSyn, theirSynWithAck, theirSyn, theirAckAlone, ourAckOfSyn, crossing
    case question, proofByAck, proofByOctets
    case ourData, theirData, dataConfirmed
    case ourFin, finConfirmed, finWithAck, theirFin, ourAckOfFin
    case repeated, silence, refused, icmpError, disregarded
    case ourReset, theirReset, forgottenQuestion, forgotten

    /// The lessons of one event, in the order in which they are told.
    static func all(in reading: Reading, of kind: Event.Kind) -> [Lesson] {
        switch kind {
        case .timer(.retransmission): return [.repeated]
        case .timer(.gaveUp(.synAck, _)), .timer(.gaveUp(.anyAnswer, _)): return [.silence]
        case .icmpError: return [.icmpError]
        case .segment(let observed): return all(in: reading.meanings, from: observed.origin)
        default: return []
        }
    }

    private static func all(in meanings: [Meaning], from origin: Origin) -> [Lesson] {
        var lessons: [Lesson] = []
        let isDisregarded = meanings.contains { if case .isDisregarded = $0 { true } else { false } }
        let says = { (meaning: Meaning) in meanings.contains(meaning) }
        for meaning in meanings {
            switch meaning {
            case .requests(_, attempt: 2...): lessons.append(.repeated)
            case .requests(.ourSyn, _): lessons.append(.ourSyn)
            case .requests(.theirSyn, _):
                lessons.append(says(.confirms(.ourSyn)) ? .theirSynWithAck : origin == .peer ? .theirSyn : .crossing)
            case .confirms(.ourSyn) where !says(.requests(.theirSyn, attempt: 1)): lessons.append(.theirAckAlone)
            case .confirms(.theirSyn): lessons.append(.ourAckOfSyn)
            case .requests(.ourFin, _): lessons.append(.ourFin)
            case .requests(.theirFin, _):
                lessons.append(says(.confirms(.ourFin)) ? .finWithAck : .theirFin)
            case .confirms(.ourFin) where !says(.requests(.theirFin, attempt: 1)): lessons.append(.finConfirmed)
            case .confirms(.theirFin): lessons.append(.ourAckOfFin)
            case .asksForProof: lessons.append(.question)
            case .provesOpen(.challengeAnswered): lessons.append(.proofByAck)
            case .provesOpen: lessons.append(.proofByOctets)
            case .carriesData: lessons.append(origin == .us ? .ourData : .theirData)
            case .confirmsData: lessons.append(.dataConfirmed)
            case .resets where origin == .peer && isDisregarded:
                lessons.append(.disregarded)
            case .resets: lessons.append(origin == .us ? .ourReset : .theirReset)
            case .asksWhetherForgotten: lessons.append(.forgottenQuestion)
            case .confirmsForgotten: lessons.append(.forgotten)
            case .isDisregarded: lessons.append(.disregarded)
            default: break
            }
        }
        return lessons
    }

    /// What is told, and the clause where it is written.
    var text: (words: String, clause: String) {
        switch self {
        case .ourSyn:
            (
                "We ask to open our direction. A SYN takes one sequence number, here counted as 0, so that it can be "
                    + "confirmed like an octet of data: an ACK of 1 will confirm it.", "RFC 9293 §3.4, §3.5"
            )
        case .theirSynWithAck:
            (
                "Two things in one segment. ACK 1 confirms our SYN; and the peer's own SYN asks to open the other "
                    + "direction. The peer needs nothing from us in between, so the two can travel together.",
                "RFC 9293 §3.5, figure 6"
            )
        case .theirSyn:
            (
                "The peer asks to open its direction. It does not confirm anything of ours: it has not had our SYN, or "
                    + "confirms it apart.", "RFC 9293 §3.5, figure 7"
            )
        case .crossing: ("A SYN that confirms nothing: the two requests have crossed.", "RFC 9293 §3.5, figure 7")
        case .theirAckAlone:
            (
                "Our SYN is confirmed, and the peer's own SYN is still to come: it will take a segment more.",
                "RFC 9293 §3.10.7.3"
            )
        case .ourAckOfSyn:
            (
                "We confirm the peer's SYN. Now both requests are made and confirmed. We know that; the peer knows it "
                    + "only when this segment has arrived, and an ACK is never confirmed itself.",
                "RFC 9293 §3.10.7.3, §3.10.7.4"
            )
        case .question:
            (
                "Has it arrived? We acknowledge an octet that the peer never sent. A peer that holds the connection open "
                    + "answers with an ACK; one still waiting for our third segment answers with a RST.",
                "RFC 9293 §3.10.7.4, §3.5.2"
            )
        case .proofByAck:
            ("An ACK, and no RST: the peer holds the connection open. That is the proof.", "RFC 9293 §3.10.7.4")
        case .proofByOctets:
            (
                "The peer confirms what we sent after opening, or sends itself. It does neither before its end is open, "
                    + "so this is the proof.", "RFC 9293 §3.10.7.4"
            )
        case .ourData: ("Data: each octet takes a sequence number and is to be confirmed.", "RFC 9293 §3.4")
        case .theirData:
            (
                "The peer's data. The two directions are independent: each has its own numbers and its own end.",
                "RFC 9293 §3.4"
            )
        case .dataConfirmed:
            ("ACK names the next octet expected, so it confirms all before it at once.", "RFC 9293 §3.4")
        case .ourFin:
            (
                "We ask to close our direction: we shall send nothing more, and go on listening. A FIN takes a sequence "
                    + "number too, so an ACK one higher will confirm it.", "RFC 9293 §3.6"
            )
        case .finConfirmed:
            (
                "Our FIN is confirmed, and the peer has not asked to close. The connection is half-closed: the peer may "
                    + "still send for as long as it likes. This is why closing can take four segments.",
                "RFC 9293 §3.6.1"
            )
        case .finWithAck:
            (
                "Two things in one segment again: the ACK confirms our FIN, and the peer's own FIN asks to close its "
                    + "direction. It had nothing more to say, so closing takes three segments, like opening.",
                "RFC 9293 §3.6"
            )
        case .theirFin: ("The peer asks to close its direction: it will send nothing more.", "RFC 9293 §3.6")
        case .ourAckOfFin:
            (
                "We confirm the peer's FIN. Who closed first cannot know whether this last ACK arrives, so it waits in "
                    + "TIME-WAIT to answer should the FIN come again.", "RFC 9293 §3.6, §3.10.7.4"
            )
        case .repeated:
            (
                "No confirmation in time, so the request is made again, after twice as long each time. Nothing tells the "
                    + "sender whether its segment or the answer was lost.", "RFC 9293 §3.8.1, RFC 6298 §5"
            )
        case .silence:
            (
                "Nothing came. That is an answer only if it would have been heard, so what was checked is said below.",
                "RFC 9293 §3.8.3"
            )
        case .refused:
            (
                "A RST that confirms our SYN: the host is there and nothing listens on the port. No connection was "
                    + "made, so there is nothing to close.", "RFC 9293 §3.5.2"
            )
        case .icmpError:
            (
                "Not TCP: a router or the host says that a packet of ours was not delivered. It quotes the packet, "
                    + "and is believed only if the quote is of something we sent.", "RFC 9293 §3.9.2.2, RFC 5927 §4.1"
            )
        case .disregarded:
            (
                "Not every segment counts: one whose numbers, checksum or window do not fit is shown and not acted upon.",
                "RFC 9293 §3.10.7.4"
            )
        case .ourReset:
            (
                "RST ends both directions at once. It asks nothing, so nothing confirms it; it has to stand exactly where "
                    + "the peer expects our next octet to be believed.", "RFC 9293 §3.5.3, RFC 5961 §3"
            )
        case .theirReset:
            (
                "The peer breaks the connection off. RST ends both directions at once, and is not confirmed.",
                "RFC 9293 §3.5.3"
            )
        case .forgottenQuestion:
            (
                "Did the RST arrive? We send something into the connection: a peer that has forgotten it answers with RST.",
                "RFC 9293 §3.5.1, figure 10"
            )
        case .forgotten: ("A RST: the peer knows no such connection any more. Both ends are closed.", "RFC 9293 §3.5.2")
        }
    }
}
