import HandprobeJudge
import HandprobeTCP
import HandprobeWire

extension JSONValue {
    /// What happened: its kind, who made it, and under the kind's name what is known of it.
    ///
    /// `base` is what the numbers of a segment are counted from.
    static func event(_ kind: Event.Kind, relativeTo base: SequenceBase, _ reading: Reading) -> JSONValue {
        switch kind {
        case .segment(let observed):
            ["kind": "segment"] + from(observed.origin) + ["segment": segment(observed, relativeTo: base, reading)]
        case .icmpError(let observed):
            ["kind": "icmp-error"] + from(observed.origin) + ["icmp": icmp(observed)]
        case .timer(.retransmission(let attempt)):
            ["kind": "timer", "timer": ["name": "retransmission", "next_attempt": .number(attempt)]]
        case .timer(.gaveUp(let wait, let waited)):
            [
                "kind": "timer",
                "timer": [
                    "name": "gave-up", "waited_for": .string(wait.rawValue), "waited_ns": .nanoseconds(waited),
                ],
            ]
        case .captureLoss(let frames): ["kind": "capture-loss", "frames": .number(frames)]
        case .captureFailed(let reason):
            ["kind": "capture-failed", "failure": ["call": "capture", "reason": .string(reason)]]
        case .sendFailure(let failure):
            [
                "kind": "send-failure",
                "failure": [
                    "call": .string(failure.call),
                    "errno": failure.errno == 0 ? nil : .number(failure.errno),
                    "reason": .string(failure.reason),
                ],
            ]
        case .notSeenLeaving(let unseen): ["kind": "not-seen-leaving", "segment": segment(unseen)]
        case .answerElsewhere(let answer, let interface):
            [
                "kind": "answer-elsewhere", "from": "peer",
                "segment": segment(answer) + ["interface": .string(interface)],
            ]
        case .silenceChecked(let check): ["kind": "silence-checked", "check": self.check(check)]
        case .clockStepped(let step): ["kind": "clock-stepped", "step_ns": .nanoseconds(step)]
        case .manual(let clause): ["kind": "manual", "done": .string(clause)]
        case .interrupted(let signal):
            ["kind": "interrupted", "signal": signal.map { .number($0) }]
        }
    }

    /// What was looked at before silence was believed.
    static func check(_ check: SilenceCheck) -> JSONValue {
        [
            "next_hop": check.nextHop.map { .string($0.rawValue) },
            "watches_other_interfaces": .boolean(check.watchesOtherInterfaces),
        ]
    }

    /// Who made something; a router with its address.
    static func from(_ origin: Origin, named name: String = "from") -> JSONValue {
        let (word, router): (String, IPAddress?) =
            switch origin {
            case .us: ("us", nil)
            case .peer: ("peer", nil)
            case .router(let address): ("router", address)
            case .kernel: ("kernel", nil)
            }
        return .object([Member(name: name, value: .string(word))])
            + ["router": router.map { .string($0.description) }]
    }

    /// What an event does in the conversation, by a name that never changes its sense.
    static func meaning(_ meaning: Meaning) -> JSONValue {
        switch meaning {
        case .requests(let request, let attempt):
            ["name": "requests", "request": .string(name(request)), "attempt": .number(attempt)]
        case .confirms(let request): ["name": "confirms", "request": .string(name(request))]
        case .confirmsAgain(let request): ["name": "confirms-again", "request": .string(name(request))]
        case .carriesData(let octets): ["name": "carries-data", "octets": .number(octets)]
        case .repeatsData(let octets): ["name": "repeats-data", "octets": .number(octets)]
        case .carriesDataOutOfOrder(let octets): ["name": "carries-data-out-of-order", "octets": .number(octets)]
        case .confirmsData(let octets): ["name": "confirms-data", "octets": .number(octets)]
        case .asksForProof: ["name": "asks-for-proof"]
        case .provesOpen(let proof): ["name": "proves-open", "proof": .string(proof.rawValue)]
        case .challenges: ["name": "challenges"]
        case .resets(let exactness): ["name": "resets", "exactness": .string(exactness.rawValue)]
        case .asksWhetherForgotten: ["name": "asks-whether-forgotten"]
        case .confirmsForgotten: ["name": "confirms-forgotten"]
        case .isDisregarded(let reason): ["name": "is-disregarded", "words": .string(reason)]
        case .reportsError(let clause): ["name": "reports-error", "words": .string(clause)]
        case .remark(let clause): ["name": "remark", "words": .string(clause)]
        }
    }

    /// A request's name: `our-syn`.
    static func name(_ request: RequestKind) -> String {
        switch request {
        case .ourSyn: "our-syn"
        case .theirSyn: "their-syn"
        case .ourFin: "our-fin"
        case .theirFin: "their-fin"
        }
    }

    private static func icmp(_ observed: ObservedICMPError) -> JSONValue {
        let error = observed.error
        return [
            "version": .number(error.family == .v4 ? 4 : 6),
            "type": .number(error.type),
            "code": .number(error.code),
            "parameter": .number(error.parameter),
            "words": .string(error.words),
            "checksum": .string(error.checksum.rawValue),
            "quotes_ours": .boolean(observed.quotesOurs),
            "quote": error.quote.map { quote in
                [
                    "source": socket(quote.source),
                    "destination": socket(quote.destination),
                    "seq": .number(quote.sequenceNumber.rawValue),
                    "ip": ip(quote.ip),
                    "tcp_hex": quote.octets.isEmpty
                        ? nil : .string(quote.octets.prefix(excerptLength).hexadecimal),
                ]
            },
        ]
    }

    /// An address and a port, and the scope where there is one.
    static func socket(_ socket: SocketAddress) -> JSONValue {
        [
            "address": .string(socket.address.description),
            "port": .number(socket.port),
            "scope": socket.scope == 0 ? nil : .number(socket.scope),
        ]
    }
}
