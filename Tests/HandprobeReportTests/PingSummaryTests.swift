import HandprobeJudge
import HandprobeReport
import Testing

@Suite struct PingSummaryTests {
    private let style = TextStyle(width: 80)

    private func opened(_ microseconds: Int) -> PingRun {
        PingRun(
            isAnswered: true, rtt: .microseconds(microseconds), cause: nil, headline: "closed in four segments",
            outcome: .asExpected)
    }

    private let silent = PingRun(
        isAnswered: false, rtt: nil, cause: .noAnswer, headline: "no-answer: one SYN, nothing heard (post-syn)",
        outcome: .noAnswer)

    @Test func everyRunHasItsLine() {
        var summary = PingSummary(target: "[fd00::2]:8080", style: style)
        #expect(summary.lines(for: opened(41)) == ["seq=1 rtt=0.041 ms  closed in four segments"])
        #expect(summary.lines(for: silent) == ["seq=2  no-answer: one SYN, nothing heard (post-syn)"])
    }

    @Test func figuresOfSeveralRuns() {
        var summary = PingSummary(target: "[fd00::2]:8080", style: style)
        for run in [opened(90), silent, opened(41), opened(50), silent, opened(60)] { _ = summary.lines(for: run) }
        #expect(
            summary.statistics() == [
                "--- [fd00::2]:8080 ---",
                "6 runs, 4 answered, 33.3% loss",
                "rtt min/median/max = 0.041/0.055/0.090 ms",
                "4 as expected, 2 no-answer",
            ]
        )
    }

    @Test func whatWasNotMeasuredIsAbsent() {
        var summary = PingSummary(target: "x:1", style: style)
        #expect(summary.statistics() == ["--- x:1 ---", "0 runs, 0 answered"])
        _ = summary.lines(for: silent)
        #expect(summary.statistics() == ["--- x:1 ---", "1 run, 0 answered, 100% loss", "1 no-answer"])
    }

    @Test func quietKeepsTheFigures() {
        var summary = PingSummary(target: "x:1", style: TextStyle(width: 80, verbosity: .quiet))
        #expect(summary.lines(for: opened(41)).isEmpty)
        #expect(summary.statistics().count == 4)
    }

    @Test func aRunByItsVerdict() throws {
        let opened = try PingRun(Story.fourWayClose().verdict)
        #expect(opened.isAnswered)
        #expect(opened.cause == nil)
        let refused = try PingRun(Story.refused().verdict)
        #expect(refused.isAnswered)
        #expect(refused.cause == .refused)
        // The router spoke, not the peer.
        let filtered = try PingRun(Story.filtered().verdict)
        #expect(!filtered.isAnswered)
        #expect(filtered.cause == .filteredByICMP)
        #expect(try !PingRun(Story.silent().verdict).isAnswered)
    }
}
