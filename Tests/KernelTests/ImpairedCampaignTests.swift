import HandprobeTestKit
import HandprobeWire
import Testing

/// Opens and closes across links of which chance, from a seed, makes something.
@Suite(.blocks, Needs.namespaces)
struct ImpairedCampaignTests {
    /// A run of the campaign.
    struct Run: Sendable {
        var seed: UInt64
        var command: [String]

        /// Five kinds of link in turn.
        var impairment: Impairment {
            let delay = Duration.milliseconds(2)
            return switch seed % 5 {
            case 0: Impairment(delay: delay, loss: 0.01)
            case 1: Impairment(delay: delay, loss: 0.2)
            case 2: Impairment(delay: delay, loss: 0.05, duplication: 0.2)
            case 3: Impairment(delay: delay, loss: 0.05, reordering: 0.3)
            default: Impairment(delay: delay, loss: 0.1, duplication: 0.1, reordering: 0.1)
            }
        }
    }

    /// What became of runs.
    struct Tally: Sendable, CustomStringConvertible {
        var runs = 0
        var exits: [Int32: Int] = [:]
        var lost = 0
        var repeated = 0
        var uncredited = 0

        var description: String {
            let exits = exits.sorted { $0.key < $1.key }.map { "\($0.value) with exit code \($0.key)" }
            return "\(runs) runs: \(exits.joined(separator: ", ")); \(lost) packets lost on the way, \(repeated) SYNs "
                + "and FINs sent again, \(uncredited) answers credited to no attempt"
        }
    }

    @Test func everyRunEndsAndAgreesWithTheWitnesses() async throws {
        let count: UInt64 = TestEnvironment.isFull ? 200 : 20
        let commands = [["open"], ["close", "--send", "hello"]]
        let tally = Monitor(Tally())
        try await withThrowingTaskGroup { group in
            for seed in 1...count {
                for command in commands { group.addTask { try Self.play(Run(seed: seed, command: command), tally) } }
            }
            try await group.waitForAll()
        }
        let result = tally.withLock { $0 }
        print("campaign: \(result)")
        #expect(result.runs == Int(count) * commands.count)
        // Chance is not so bad that most do not succeed, and not so kind that nothing was put to the test.
        #expect(result.exits[0, default: 0] * 4 >= result.runs * 3)
        #expect(result.lost >= result.runs / 2)
    }

    private static func play(_ what: Run, _ tally: Monitor<Tally>) throws {
        let closesFirst = what.command[0] == "close" && what.seed % 4 < 2
        let scene = try ImpairedScene(
            closesFirst ? .closesFirst(after: Array("bye".utf8)) : .echo,
            what.seed % 3 == 0 ? .v6 : .v4,
            seed: what.seed,
            towardsPeer: what.impairment,
            towardsUs: what.impairment
        )
        // 7 s for the SYN, a minute for each of what may be lost to the end, and the lingering.
        let run = try scene.run(what.command, limit: .seconds(200))
        let link = try scene.link
        let lost = link.statistics(.towardsPeer).dropped + link.statistics(.towardsUs).dropped
        run.ours.expectAgreement()
        try run.expectLedgerAgreement()
        if let credited = run.creditedAttempt { #expect(credited == run.answeredAttempt, "\(run.text)") }
        let code = try #require(run.exitCode)
        if code == 0 {
            #expect(run.theirs.received.contains { $0.flags.contains(.fin) }, "\(run.text)")
            #expect(run.ours.received.contains { $0.flags.contains(.fin) }, "\(run.text)")
        }
        if code == 2 { #expect(run.ours.received.isEmpty, "\(run.text)") }
        #expect([0, 1, 2, 5].contains(code), "\(run.text)")
        link.impair(.towardsPeer, .none)
        link.impair(.towardsUs, .none)
        try scene.expectPeerForgets(limit: .seconds(90))
        tally.withLock {
            $0.runs += 1
            $0.exits[code, default: 0] += 1
            $0.lost += lost
            $0.repeated += max(0, run.syns.count - 1) + max(0, run.fins.count - 1)
            $0.uncredited += run.creditedAttempt == nil && run.answeredAttempt != nil ? 1 : 0
        }
    }
}
