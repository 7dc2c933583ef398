import HandprobeTCP
import HandprobeWire

extension Judge {
    /// EHOSTUNREACH on Linux: what the kernel reports when the next hop does not answer for its link address.
    private static let hostUnreachable: Int32 = 113

    mutating func observe(_ observed: ObservedICMPError) {
        let error = observed.error
        errorsSeen += 1
        let report = Meaning.reportsError(error.words)
        guard error.checksum != .bad else {
            note(.badChecksum, "an ICMP error has a wrong checksum: \(error.words)", source: observed.origin)
            say(.isDisregarded("its checksum is wrong"))
            return say(report)
        }
        let sender = Self.sender(observed.origin)
        if observed.origin == .us || observed.origin == .kernel {
            note(.neighbourUnresolved, "this machine itself reports \(error.words)", source: .kernel)
            say(report)
            return sayWhatIsQuoted(error)
        }
        guard observed.quotesOurs else {
            note(
                .icmpNotOurs,
                "\(sender) reports \(error.words), but quotes nothing that we have outstanding",
                source: observed.origin
            )
            say(.isDisregarded("it quotes nothing that we have outstanding"))
            say(report)
            return sayWhatIsQuoted(error)
        }
        if firstAnswer == nil { firstAnswer = FirstAnswer(moment: now, kind: .error(error.words)) }
        note(
            error.kind.finding(hasAnswer: hasDefiniteAnswer),
            "\(sender) reports \(error.words)",
            source: observed.origin
        )
        say(report)
        sayWhatIsQuoted(error)
    }

    /// What of ours the error quotes, and how many hops were left of it where it was discarded.
    private mutating func sayWhatIsQuoted(_ error: ICMPError) {
        guard let quote = error.quote, let number = observer.us.relative(quote.sequenceNumber) else { return }
        let what =
            switch number {
            case 0: "our SYN"
            case observer.us.fin: "our FIN"
            default: "our octet \(number)"
            }
        let hops = quote.ip.hopLimit
        let name = error.family == .v4 ? "TTL" : "hop limit"
        say(.remark("quotes \(what), with \(name) \(hops) when it was discarded"))
    }

    private static func sender(_ origin: Origin) -> String {
        switch origin {
        case .peer: "the peer itself"
        case .router(let address): "router \(address)"
        case .us, .kernel: "this machine"
        }
    }

    mutating func observeIncident(_ kind: Event.Kind) {
        switch kind {
        case .segment, .icmpError: break
        case .timer(.retransmission(let next)):
            say(.remark("nothing confirmed it in time: attempt \(next) follows"))
        case .timer(.gaveUp(let wait, let duration)):
            if gaveUp[wait] == nil { gaveUp[wait] = GivenUp(moment: now, after: duration) }
            if wait == .keepaliveAnswer { noteLost() }
            // An answer that comes now belongs to something else: a device on the way may have discarded the question.
            if wait == .proof { question = nil }
            if expectation == .close, wait == .peerFin, observer.us.fin == nil, observer.peer.fin == nil {
                note(.peerDidNotCloseFirst, "the peer sent no FIN within \(duration.text)", source: nil)
            }
            say(.remark("gave up waiting for \(wait.words) after \(duration.text)"))
        case .captureLoss(let frames):
            framesLost = framesLost &+ max(0, frames)
            note(.captureLoss, "the capture lost \(frames == 1 ? "1 frame" : "\(frames) frames")", source: .kernel)
            say(.remark("the capture lost \(frames == 1 ? "1 frame" : "\(frames) frames")"))
        case .captureFailed(let reason):
            if interruption == nil { interruption = now }
            note(.captureLoss, "the capture stopped working: \(reason)", source: .kernel)
            say(.remark("the capture stopped working: \(reason)"))
        case .sendFailure(let failure):
            let sentence = "\(failure.reason) (\(failure.call))"
            if failure.errno == Self.hostUnreachable {
                note(.neighbourUnresolved, "our packets found no next hop: \(sentence)", source: .kernel)
            } else {
                note(.sendFailed, "this machine did not send our segment: \(sentence)", source: .kernel)
            }
            say(.remark("this machine did not send our segment: \(failure.reason)"))
        case .notSeenLeaving(let segment):
            if unseen.count < UnseenSegment.most {
                unseen.append(UnseenSegment(segment: segment, moment: now, stage: stageBefore))
            }
            say(.remark("our \(segment.flags.words) was not seen leaving so far"))
        case .answerElsewhere(let segment, let interface):
            note(
                .answerOnOtherInterface,
                "\(segment.flags.words) from the peer came in on \(interface), where nothing is captured",
                source: .peer
            )
            say(.remark("\(segment.flags.words) from the peer came in on \(interface)"))
        case .silenceChecked(let check):
            silenceCheck = check
            if check.nextHop == .unresolved {
                note(.neighbourUnresolved, "the next hop has not answered for its link address", source: .kernel)
            }
            say(.remark(check.words))
        case .clockStepped(let step):
            clockWasStepped = true
            note(.clockStepped, "the wall clock was stepped by \(step.text)", source: .kernel)
            say(.remark("the wall clock was stepped by \(step.text)"))
        case .manual(let what):
            say(.remark(what))
        case .interrupted(let signal):
            if interruption == nil { interruption = now }
            let cause = signal.map { "signal \($0)" } ?? "the closed output"
            note(.interrupted, "the run was ended early by \(cause)", source: .us)
            say(.remark("ended early by \(cause)"))
        }
    }
}

extension Event.Wait {
    /// What was waited for, in words.
    public var words: String {
        switch self {
        case .synAck: "an answer to our SYN"
        case .proof: "proof that the peer considers the connection open"
        case .peerData: "the peer's first octets"
        case .keepaliveAnswer: "an answer to our keepalive"
        case .dataAcknowledgment: "the acknowledgment of our data"
        case .finAcknowledgment: "the acknowledgment of our FIN"
        case .peerFin: "the peer's FIN"
        case .goodbyeAnswer: "the RST that shows the connection forgotten"
        case .anyAnswer: "any answer"
        }
    }
}
