public import HandprobeJudge
import HandprobeTCP
public import HandprobeWire

/// One conversation as NDJSON: one object an event, then one that sums it up, each on a line of its own.
///
/// `Docs/schema/handprobe-1.schema.json` describes them. What was not measured is absent: never zero, never null.
public struct NDJSON: Sendable {
    private let run: RunIdentity
    private let conversation: Int
    private let flow: FourTuple
    private var start: Timestamp?
    private var numbers = InitialNumbers()
    /// How far the wall clock was stepped since the first event.
    private var stepped = Duration.zero
    private var hasStepped = false
    /// 128 and the signal that ended the conversation early; a closed output counts as SIGPIPE.
    private var interruptedCode: Int32?

    /// A conversation that has not begun; `conversation` counts those of one process from 1. `start` is the time of its
    /// first event, where only its summary is written.
    public init(run: RunIdentity, conversation: Int, flow: FourTuple, start: Timestamp? = nil) {
        self.start = start
        self.run = run
        self.conversation = conversation
        self.flow = flow
    }

    /// The object of one event, the next in its transcript; `index` is its place there.
    public mutating func line(for event: Event, reading: Reading, index: Int) -> String {
        start = start ?? event.time
        var base = SequenceBase.absolute
        switch event.kind {
        case .segment(let observed): base = numbers.base(for: observed, reading)
        case .clockStepped(let step):
            stepped += step
            hasStepped = true
        case .interrupted(let signal): interruptedCode = 128 &+ (signal ?? 13)
        default: break
        }
        let states: JSONValue = [
            "us": .string(reading.ourState.rawValue),
            "peer": reading.peerState.map { .string($0.rawValue) },
        ]
        let object =
            head("event", at: event.time) + ["event": .number(index)]
            + .event(event.kind, relativeTo: base, reading)
            + ["meanings": .array(reading.meanings.map(JSONValue.meaning)), "states": states]
        return object.text
    }

    /// The object that sums the conversation up.
    public func summary(_ verdict: Verdict, _ circumstances: RunCircumstances) -> String {
        let result: JSONValue = [
            "outcome": .string(JSONValue.name(verdict.outcome)),
            "exit_code": .number(interruptedCode ?? verdict.outcome.rawValue),
        ]
        let machine: JSONValue = [
            "clock_error_ns": circumstances.clockError.map(JSONValue.nanoseconds),
            "guards": .array(circumstances.guards.map(JSONValue.string)),
            "likeness": circumstances.likeness.map(JSONValue.string),
            "captures": .list(
                circumstances.captures.map {
                    [
                        "interface": .string($0.interface), "received": .number($0.received),
                        "dropped": .number($0.dropped),
                    ]
                }
            ),
        ]
        return (head("summary", at: circumstances.time) + result + .verdict(verdict, moment: moment) + machine).text
    }

    private func head(_ type: String, at time: Timestamp) -> JSONValue {
        run.head(type, at: time) + [
            "offset_ns": start.map { .nanoseconds(time.since($0) - stepped) },
            "conversation": .number(conversation),
            "flow": ["local": .socket(flow.local), "remote": .socket(flow.remote)],
        ]
    }

    /// A time with its offset from the first event, unless a step of the clock makes it uncertain on which side it lies.
    private func moment(_ time: Timestamp) -> JSONValue {
        [
            "time": .string(time.rfc3339),
            "offset_ns": hasStepped ? nil : start.map { .nanoseconds(time.since($0)) },
        ]
    }
}
