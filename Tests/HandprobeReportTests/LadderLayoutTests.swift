import HandprobeJudge
import HandprobeWire
import Testing

@testable import HandprobeReport

@Suite struct TimeScaleTests {
    private func scale(_ milliseconds: [Int], height: Int = 1000) -> TimeScale {
        TimeScale(milliseconds.map { .milliseconds($0) }, height: height)
    }

    @Test func distancesAreToScale() {
        let scale = scale([0, 10, 30, 100])
        #expect(scale.positions == [0, 100, 300, 1000])
        #expect(scale.cuts.isEmpty)
        // A mark every 10 ms would be every 100: 100 over 13 marks is 7.7, and the round number above is 10.
        #expect(scale.step == .milliseconds(10))
        #expect(scale.ticks.map(\.position) == Array(stride(from: 0, through: 1000, by: 100)))
        #expect(scale.ticks.map(\.time) == (0...10).map { Duration.milliseconds($0 * 10) })
    }

    /// 1000 ms is more than 8 times the 100 ms of all the rest; 500 ms is not.
    @Test func aLongSilenceIsCut() {
        let cut = scale([0, 1000, 1040, 1100])
        #expect(cut.cuts == [TimeScale.Cut(after: 0, length: .milliseconds(1000))])
        #expect(cut.positions == [0, 64, 464, 1064])
        #expect(cut.ticks.allSatisfy { $0.time >= .milliseconds(1000) && $0.position >= 64 })
        #expect(scale([0, 500, 540, 600]).cuts.isEmpty)
        // Two of them, each longer than what is shorter.
        #expect(scale([0, 10_000, 10_010, 10_510, 10_520]).cuts.map(\.after) == [0, 2])
    }

    @Test func oneEventAndNoTime() {
        #expect(scale([]).positions.isEmpty)
        #expect(scale([0]).positions == [0])
        #expect(scale([0, 0, 0]).positions == [0, 0, 0])
        #expect(scale([0, 0]).step == nil)
        #expect(scale([0, 9]).positions == [0, 1000])
    }

    /// A timer that is said to have run out before the event it follows.
    @Test func whatComesEarlierStandsWhereTheOneBeforeStands() {
        #expect(scale([0, 50, 48, 100]).positions == [0, 500, 500, 1000])
    }
}

@Suite struct LabelSpreadTests {
    private func tops(_ points: [Int], height: Int = 20, top: Int = 0) -> [Int] {
        LabelSpread.tops(points: points, heights: points.map { _ in height }, rise: 12, top: top)
    }

    @Test func labelsWithRoomStandAtTheirPoints() {
        #expect(tops([12, 112, 212]) == [0, 100, 200])
    }

    @Test func labelsThatMeetAreSpreadAroundTheirPoints() {
        // All three want 100; 20 high each, the pile of 60 has its middle label where it wants to be.
        #expect(tops([112, 112, 112]) == [80, 100, 120])
        #expect(tops([0, 0, 0], top: 5) == [5, 25, 45])
    }

    @Test func anyLabels() {
        var random = SplitMix64(seed: 0x1ABE1)
        for _ in 0..<300 {
            let count = Int.random(in: 1...60, using: &random)
            let points = (0..<count).map { _ in Int.random(in: 0...2000, using: &random) }.sorted()
            let heights = points.map { _ in Int.random(in: 10...90, using: &random) }
            let tops = LabelSpread.tops(points: points, heights: heights, rise: 12, top: 30)
            #expect(tops[0] >= 30)
            for index in 1..<max(1, count) { #expect(tops[index] >= tops[index - 1] + heights[index - 1]) }
        }
    }
}

@Suite struct LadderDrawingTests {
    private func items(_ story: Story) -> [LadderItem] { LadderItem.all(of: story.conversation()) }

    @Test func piecesFitAPageAndRowsFollowEachOther() throws {
        var random = SplitMix64(seed: 0x5EC)
        var conversation = HTMLConversation(FourTuple(local: Story.v4.us, remote: Story.v4.peer))
        for _ in 0..<300 { conversation.add(random.event(), random.reading()) }
        conversation.verdict = random.verdict()
        let ladder = EvenLadder(LadderItem.all(of: conversation))
        #expect(ladder.pieces.flatMap(\.rows).map(\.item.index) == Array(0..<300))
        for piece in ladder.pieces {
            #expect(piece.height <= EvenLadder.tallest || piece.rows.count == 1)
            var end = EvenLadder.head
            for row in piece.rows {
                #expect(row.top == end)
                #expect(row.arrow > row.top && row.arrow < row.top + row.height)
                for line in row.lines.text {
                    #expect(TerminalText.width(line) <= LadderLines.fixedColumns(LadderColumns.inner))
                }
                end = row.top + row.height
            }
            #expect(end == piece.height)
        }
    }

    @Test func requestsAndConfirmationsAreNumbered() throws {
        let badges = try items(.fourWayClose()).map(\.badges)
        #expect(badges[0] == [.request(.ourSyn)])
        #expect(badges[1] == [.request(.theirSyn), .confirmation(.ourSyn)])
        #expect(badges[2] == [.confirmation(.theirSyn)])
        #expect(badges[3].isEmpty)
        #expect(badges[5] == [.request(.ourFin)])
        #expect(badges[6] == [.confirmation(.ourFin)])
        #expect(badges[9] == [.request(.theirFin)])
        #expect(badges[10] == [.confirmation(.theirFin)])
    }

    /// A line that is not plain says what it is by its form, and in words.
    @Test func linesDiffer() throws {
        let again = try items(.retransmittedSyn())
        #expect(again[0].shape == .arrow(.right, .unconfirmed))
        #expect(again[1].shape == .incident)
        #expect(again[2].shape == .arrow(.right, .plain))
        #expect(again[3].shape == .arrow(.left, .plain))
        #expect(try items(.filtered())[1].shape == .fromBetween)
        let incidents = try items(.resetClose())
        #expect(incidents[3].shape == .arrow(.right, .kernels))
        #expect(incidents[5].shape == .arrow(.left, .disregarded))
        #expect(incidents[6...].allSatisfy { $0.shape == .incident })
    }

    /// A state is told where it changes, and nowhere else.
    @Test func states() throws {
        let states = try items(.fourWayClose()).map(\.ourState)
        #expect(
            states == [
                "SYN-SENT", "ESTABLISHED", nil, nil, nil, "FIN-WAIT-1", "FIN-WAIT-2", nil, nil, "TIME-WAIT", nil,
            ])
    }

    /// To scale, a state stands at the arrow that changes it, beside the lifeline of whose it is; where arrows are close,
    /// states are piled in their order, each at most as far away as the pile is high.
    @Test func statesToScale() throws {
        let story = try LiveStory(Story.fourWayClose(), .close)
        let rows = ScaledLadder(LadderItem.all(of: story.conversation)).rows
        #expect(rows.map { $0.ourState != nil } == rows.map { $0.item.ourState != nil })
        #expect(rows.map { $0.peerState != nil } == rows.map { $0.item.peerState != nil })
        for path in [\ScaledLadder.Row.ourState, \ScaledLadder.Row.peerState] {
            let places = rows.compactMap { $0[keyPath: path] }
            #expect(places.count >= 4)
            #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= ScaledLadder.state })
            for row in rows {
                guard let place = row[keyPath: path] else { continue }
                #expect(abs(place - row.arrow) <= places.count * ScaledLadder.state)
            }
        }
    }

    /// With room for all, nothing is moved: the state stands at the height of its arrow.
    @Test func aStateStandsAtItsArrow() throws {
        var random = SplitMix64(seed: 0x57A7E)
        for _ in 0..<100 {
            var conversation = HTMLConversation(FourTuple(local: Story.v4.us, remote: Story.v4.peer))
            for _ in 0..<30 { conversation.add(random.event(), random.reading()) }
            let rows = ScaledLadder(LadderItem.all(of: conversation)).rows
            for path in [\ScaledLadder.Row.ourState, \ScaledLadder.Row.peerState] {
                let stated = rows.filter { $0[keyPath: path] != nil }
                let heights = stated.map(\.arrow)
                guard zip(heights, heights.dropFirst()).allSatisfy({ $1 - $0 >= ScaledLadder.state }) else { continue }
                #expect(stated.allSatisfy { $0[keyPath: path] == $0.arrow })
            }
        }
    }
}
