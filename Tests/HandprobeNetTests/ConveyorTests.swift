import HandprobeNet
import Synchronization
import Testing

@Suite("A conveyor hands items to a thread of its own")
struct ConveyorTests {
    /// What both threads have seen.
    private final class Ledger: Sendable {
        private struct Counts {
            var handed = 0
            var taken: [Int] = []
            var mostWaiting = 0
        }

        private let counts = Mutex(Counts())

        var taken: [Int] { counts.withLock { $0.taken } }
        var mostWaiting: Int { counts.withLock { $0.mostWaiting } }

        func handed(_ count: Int) { counts.withLock { $0.handed = count } }

        /// The item that is taken does not wait any more.
        func take(_ item: Int) {
            counts.withLock {
                $0.mostWaiting = max($0.mostWaiting, $0.handed - $0.taken.count - 1)
                $0.taken.append(item)
            }
        }
    }

    /// Nothing is lost or overtaken, and no more wait than there is room for.
    @Test(arguments: [1, 3, 100]) func order(capacity: Int) throws {
        let ledger = Ledger()
        let conveyor = try Conveyor<Int>(capacity: capacity, doing: "test") { ledger.take($0) }
        for item in 0..<20_000 {
            conveyor.hand(item)
            ledger.handed(item + 1)
        }
        conveyor.finish()
        #expect(ledger.taken == Array(0..<20_000))
        #expect(ledger.mostWaiting <= capacity)
    }

    /// It can be ended when nothing was handed over at all.
    @Test func idle() throws {
        let conveyor = try Conveyor<Int>(capacity: 1, doing: "test") { _ in Issue.record("nothing was handed over") }
        conveyor.finish()
    }
}
