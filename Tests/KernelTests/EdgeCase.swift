import HandprobeTestKit
import HandprobeWire
import Testing

/// A row of the table: a behaviour, a command, and what must come of it.
struct EdgeCase: Sendable, CustomTestStringConvertible {
    var name: String
    var behavior: @Sendable (EdgePlace) -> EdgeBehavior
    var command: [String]
    /// The exit code.
    var exit: Int32
    /// What the last line contains: the code and the stage, or how orderly it was.
    var conclusion: String
    /// The codes of all findings; nil where they depend on a race.
    var codes: Set<String>?
    /// The flags of every segment that left our host; nil where it depends on a race.
    var sent: String?
    /// What else the witnesses must have seen.
    var also: @Sendable (EdgeScene, EdgeRun) throws -> Void

    init(
        _ name: String,
        _ behavior: @autoclosure @escaping @Sendable () -> EdgeBehavior,
        _ command: String...,
        exit: Int32,
        _ conclusion: String,
        _ codes: Set<String>? = [],
        sent: String?,
        also: @escaping @Sendable (EdgeScene, EdgeRun) throws -> Void = { _, _ in }
    ) {
        (self.name, self.behavior, self.command) = (name, { _ in behavior() }, command)
        (self.exit, self.conclusion, self.codes, self.sent, self.also) = (exit, conclusion, codes, sent, also)
    }

    var testDescription: String { name }

    /// Plays it, in a family.
    func play(_ family: IPAddress.Family, limit: Duration = .patience) throws {
        let scene = try EdgeScene(family, behavior)
        let run = try scene.run(command, limit: limit)
        #expect(run.result.exitCode == exit, "\(run.text)")
        #expect(run.report.conclusion.contains(conclusion), "\(run.text)")
        if let codes { #expect(Set(run.report.codes) == codes, "\(run.text)") }
        if let sent { #expect(run.sentFlags == sent, "\(run.text)") }
        try scene.expectGoodManners(run)
        try also(scene, run)
    }
}

extension EdgeBehavior {
    /// This behaviour for the first SYN; another one from the second segment on.
    func once(then next: EdgeBehavior = .ordinary) -> EdgeBehavior {
        var behavior = next
        behavior.name = "\(name), once"
        behavior.alter = { segment, here, replies in
            (segment.number == 1 ? self : next).alter(segment, &here, &replies)
        }
        return behavior
    }
}
