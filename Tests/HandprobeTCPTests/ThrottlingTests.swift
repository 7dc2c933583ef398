import HandprobeTCP
import HandprobeWire
import Testing

@Suite("RFC 5961 §7 Throttling")
struct ThrottlingTests {
    @Test(arguments: ["S 5:5(0)", "R 7:7(0)", ". 1:1(0) ack 900", ". -5:-5(0) ack 1"])
    func noMoreThanTenChallengesInFiveSeconds(provocation: String) throws {
        var machine = try SynchronizedState.all[0].machine()
        let ten = String(repeating: "+0 < \(provocation)\n+0 > . 1:1(0) ack 1\n", count: 10)
        let start = Instant(nanoseconds: 40_000_000)
        try exchange(&machine, from: start, ten + "+0 < \(provocation)\n+4.999 < \(provocation)")
        try exchange(&machine, from: start + .seconds(5), ten + "+0 < \(provocation)")
    }

    /// Two ends that each think the other wrong do not acknowledge each other for ever.
    @Test func twoConfusedEndsFallSilent() throws {
        var ends = [try SynchronizedState.all[0].machine(), try SynchronizedState.all[0].machine()]
        let now = Instant(nanoseconds: 40_000_000)
        _ = ends[0].segmentArrives(TCPSegment(seq: .remote - 9000, ack: .local, flags: []), at: now)
        var exchanged = 0
        var moved = true
        while moved, exchanged < 1000 {
            moved = false
            for end in 0...1 {
                while let segment = ends[end].poll(at: now) {
                    _ = ends[1 - end].segmentArrives(segment, at: now)
                    exchanged += 1
                    moved = true
                }
            }
        }
        #expect((1...20).contains(exchanged))
    }
}
