import HandprobeEngine
import HandprobeTCP
import Testing

/// A search for a time, with a memory that lasts exactly so long in the place of a peer.
@Suite("Engine: the search for a lifetime")
struct LifetimeSearchTests {
    /// Plays a search whose connections are forgotten after `lifetime`; returns it and the times that were asked about.
    private func play(_ lifetime: Duration, upTo longest: Duration) -> (search: LifetimeSearch, asked: [[Duration]]) {
        var search = LifetimeSearch(upTo: longest)
        var asked: [[Duration]] = []
        while true {
            let times = search.nextRound()
            if times.isEmpty { return (search, asked) }
            asked.append(times)
            for time in times where !search.isDecided(time) {
                if time < lifetime { search.noteKept(time) } else { search.noteOver(time) }
            }
        }
    }

    @Test(arguments: [500, 501, 700, 1999, 2000, 2001, 3000, 29_999, 60_000, 61_234, 119_000, 299_999])
    func endsWithANarrowInterval(milliseconds: Int) throws {
        let lifetime = Duration.milliseconds(milliseconds)
        let (search, asked) = play(lifetime, upTo: .seconds(300))
        let over = try #require(search.over)
        #expect(over >= lifetime && (search.kept ?? .zero) < lifetime)
        // Below half a second nothing is asked, so there the interval cannot become narrower.
        #expect(over - (search.kept ?? LifetimeSearch.shortest) <= search.resolution)
        #expect(asked.count <= 6 && asked.allSatisfy { $0.count <= LifetimeSearch.width })
        #expect(asked.joined().allSatisfy { $0 >= LifetimeSearch.shortest && $0 <= .seconds(300) })
    }

    @Test func aMemoryThatOutlastsTheSearchIsAskedOnce() {
        let (search, asked) = play(.seconds(1000), upTo: .seconds(8))
        #expect(asked == [[.milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8)]])
        #expect(search.kept == .seconds(8) && search.over == nil)
    }

    @Test func anEndThatWasSeenNeedsNoMore() {
        var search = LifetimeSearch(upTo: .seconds(8))
        _ = search.nextRound()
        search.noteKept(.seconds(2))
        search.noteEnd(.milliseconds(3001))
        #expect(search.nextRound().isEmpty && search.isExact && search.over == .milliseconds(3001))
    }

    /// Two connections need not be forgotten after the same time: the search ends, and says so by its interval.
    @Test func contradictionsEndIt() {
        var search = LifetimeSearch(upTo: .seconds(8))
        _ = search.nextRound()
        search.noteOver(.seconds(2))
        search.noteKept(.seconds(4))
        #expect(search.nextRound().isEmpty && search.kept == .seconds(4) && search.over == .seconds(2))
    }

    @Test func whatMayBeLeftNeverIsTooLittle() {
        var search = LifetimeSearch(upTo: .seconds(300))
        let lifetime = Duration.milliseconds(61_234)
        var bound = Duration.seconds(3600)
        while true {
            let times = search.nextRound()
            if times.isEmpty { break }
            // The whole of a round takes no longer than its latest question that is still wanted.
            let spent = times.first { $0 >= lifetime } ?? times[times.count - 1]
            #expect(spent + search.timeForFurtherRounds <= bound + .seconds(1))
            for time in times where time <= spent {
                if time < lifetime { search.noteKept(time) } else { search.noteOver(time) }
            }
            bound = search.timeForFurtherRounds
        }
        #expect(search.over.map { $0 >= lifetime } == true)
    }
}
