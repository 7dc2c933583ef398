public import HandprobeWire

/// What every NDJSON object of one process has in common.
public struct RunIdentity: Hashable, Sendable {
    /// The version of the objects, which `Docs/schema` describes: it changes when a member changes its sense or goes.
    public static let schema = "handprobe/1"

    /// Names the process among all others: random, in hexadecimal digits.
    public var id: String
    /// The command: `open`.
    public var command: String
    /// The target as the person wrote it; nil for a command without one.
    public var target: String?

    /// An identity from its parts; `octets` are random ones.
    public init(octets: [UInt8], command: String, target: String?) {
        id = octets.hexadecimal
        self.command = command
        self.target = target
    }

    /// The object of one check of this machine, on one line.
    public func line(for row: DoctorRow, at time: Timestamp) -> String {
        let check: JSONValue = [
            "name": .string(row.name),
            "status": .string(row.status.rawValue),
            "detail": .string(row.detail),
            "advice": row.advice.map(JSONValue.string),
        ]
        return (head("check", at: time) + check).text
    }

    /// The object of the figures of several runs, on one line.
    public func line(for figures: RunFigures, at time: Timestamp) -> String {
        let statistics: JSONValue = [
            "runs": .number(figures.runs),
            "answered": .number(figures.answered),
            "rtt_ns": figures.roundTrips.map {
                [
                    "min": .nanoseconds($0.least), "median": .nanoseconds($0.median),
                    "max": .nanoseconds($0.greatest),
                ]
            },
            "as_expected": .number(figures.asExpected),
            "causes": .array(figures.causes.map { ["cause": .string($0.name), "runs": .number($0.runs)] }),
        ]
        return (head("statistics", at: time) + statistics).text
    }

    /// The object of a SYN that got no answer, on one line.
    public func line(for syn: UnansweredSyn, at time: Timestamp) -> String {
        let unanswered: JSONValue = [
            "from": .socket(syn.flow.remote),
            "to": .socket(syn.flow.local),
            "interface": .string(syn.interface),
            "reason": .string(syn.reason),
            "words": .string(syn.words),
            "count": .number(syn.count),
        ]
        return (head("unanswered", at: time) + unanswered).text
    }

    /// The members that come first in every object.
    func head(_ type: String, at time: Timestamp) -> JSONValue {
        [
            "schema": .string(Self.schema),
            "type": .string(type),
            "run_id": .string(id),
            "time": .string(time.rfc3339),
            "command": .string(command),
            "target": target.map(JSONValue.string),
        ]
    }
}
