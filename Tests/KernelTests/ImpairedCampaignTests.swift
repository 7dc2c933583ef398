import HandprobeTestKit
import HandprobeWire
import Testing

/// Opens and closes across links of which chance, from a seed, makes something.
@Suite(.blocks, Needs.namespaces)
struct ImpairedCampaignTests {
    /// A run of the campaign.
    struct Run: Sendable {
        var seed: UInt64
        var impairment: Impairment
        var command: [String]

        /// Every fourth peer answers and closes first.
        var behavior: TestServer.Behavior {
            command[0] == "close" && seed % 4 == 0 ? .closesFirst(after: Array("bye".utf8)) : .echo
        }
    }

    /// What became of runs.
    struct Tally: Sendable, CustomStringConvertible {
        var runs = 0
        var exits: [Int32: Int] = [:]
        var codes: [String: Int] = [:]
        var lost = 0
        var altered = 0
        var repeated = 0
        var credited = 0
        var uncredited = 0

        var description: String {
            let exits = exits.sorted { $0.key < $1.key }.map { "\($0.value) with exit code \($0.key)" }
            let codes = codes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
            return """
                \(runs) runs: \(exits.joined(separator: ", ")); \(lost) packets lost, \(altered) repeated or overtaken; \
                \(repeated) SYNs and FINs sent again; the answered SYN told \(credited) times, left open \(uncredited) times
                  causes of exit codes other than 0: \(codes.isEmpty ? "none" : codes.joined(separator: ", "))
                """
        }
    }

    /// The links of the campaign, the same both ways.
    static let weathers = [
        ImpairedTests.Weather("1 % loss", Impairment(delay: .milliseconds(2), loss: 0.01)),
        ImpairedTests.Weather("20 % loss", Impairment(delay: .milliseconds(2), loss: 0.2)),
        ImpairedTests.Weather("50 ms ± 20 ms", Impairment(delay: .milliseconds(30), jitter: .milliseconds(40))),
        ImpairedTests.Weather("duplication", Impairment(delay: .milliseconds(2), loss: 0.05, duplication: 0.3)),
        ImpairedTests.Weather("reordering", Impairment(delay: .milliseconds(2), loss: 0.05, reordering: 0.3)),
    ]

    @Test(arguments: weathers, [["open"], ["close", "--send", "hello"]])
    func everyRunEndsAndAgreesWithTheWitnesses(weather: ImpairedTests.Weather, command: [String]) async throws {
        let count: UInt64 = TestEnvironment.isFull ? 200 : 20
        let tally = Monitor(Tally())
        try await withThrowingTaskGroup { group in
            for seed in 1...count {
                let run = Run(seed: seed, impairment: weather.impairment, command: command)
                group.addTask { try await PeerLedger.checking { try Self.play(run, tally) } }
            }
            try await group.waitForAll()
        }
        let result = tally.withLock { $0 }
        print("campaign: \(weather.testDescription), \(command[0]): \(result)")
        #expect(result.runs == Int(count))
        // Chance is not so kind that nothing was put to the test, and where it takes nothing away nothing may fail.
        if weather.impairment.loss >= 0.2 { #expect(result.lost >= result.runs / 2) }
        if weather.impairment.duplication + weather.impairment.reordering > 0 {
            #expect(result.altered >= result.runs)
        }
        if weather.impairment.loss == 0 { #expect(result.exits == [0: Int(count)]) }
    }

    /// What may befall a run on a link that loses: too many packets in a row.
    private static let misfortunes: Set<String> = [
        "no-answer", "not-proved-open", "peer-never-closed", "fin-unacknowledged", "goodbye-unconfirmed",
        "data-unacknowledged",
    ]

    private static func play(_ what: Run, _ tally: Monitor<Tally>) throws {
        let scene = try ImpairedScene(
            what.behavior,
            what.seed % 3 == 0 ? .v6 : .v4,
            seed: what.seed,
            towardsPeer: what.impairment,
            towardsUs: what.impairment
        )
        // 7 s for the SYN, a minute for each of what may be lost to the end, and the lingering.
        let run = try scene.run(what.command, limit: .seconds(200))
        let link = try scene.link
        let statistics = [link.statistics(.towardsPeer), link.statistics(.towardsUs)]
        run.ours.expectAgreement()
        try run.expectLedgerAgreement()
        if let credited = run.creditedAttempt { #expect(credited == run.answeredAttempt, "\(run.text)") }
        let code = try #require(run.exitCode)
        link.impair(.towardsPeer, .none)
        link.impair(.towardsUs, .none)
        let causes = code == 0 ? [] : run.report.codes.filter(misfortunes.contains)
        switch code {
        case 0:
            let seen = try scene.server.waitUntil { $0.first?.sawEOF == true }
            #expect(seen.map(\.sawEOF) == [true], "\(run.text)")
            #expect(seen.map(\.sawReset) == [false], "\(run.text)")
            #expect(seen.map(\.received) == [what.command.count > 1 ? Array("hello".utf8) : []], "\(run.text)")
            #expect(run.ours.received.contains { $0.flags.contains(.fin) }, "\(run.text)")
        case 2:
            #expect(run.ours.received.isEmpty, "\(run.text)")
        default:
            #expect([1, 5].contains(code) && !causes.isEmpty && what.impairment.loss > 0, "\(run.text)")
        }
        tally.withLock {
            $0.runs += 1
            $0.exits[code, default: 0] += 1
            for cause in causes { $0.codes[cause, default: 0] += 1 }
            $0.lost += statistics.reduce(0) { $0 + $1.dropped }
            $0.altered += statistics.reduce(0) { $0 + $1.duplicated + $1.reordered }
            $0.repeated += max(0, run.syns.count - 1) + max(0, run.fins.count - 1)
            if run.answeredAttempt != nil {
                if run.creditedAttempt == nil { $0.uncredited += 1 } else { $0.credited += 1 }
            }
        }
    }
}
