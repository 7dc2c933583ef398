import HandprobeNet
import Testing

@Suite("A thread works on one input after the other while its owner goes on")
struct BackgroundWorkerTests {
    /// What is made on the thread stays there: a sum that only it knows.
    @Test func outputsComeInTheOrderOfTheInputs() throws {
        let worker = try BackgroundWorker<Int, Int> {
            var sum = 0
            return { number in
                sum += number
                return sum
            }
        }
        #expect(worker.fetch() == nil)
        for number in 1...1000 { worker.give(number) }
        #expect(worker.outstanding == 1000)
        for number in 1...1000 { #expect(worker.fetch() == number * (number + 1) / 2) }
        #expect(worker.outstanding == 0)
        #expect(worker.fetch() == nil)
    }

    private final class Witness: Sendable {}

    /// Nobody fetches what it made: it ends all the same, with everything that it held.
    @Test func itEndsWithItsOwner() throws {
        weak var witness: Witness?
        do {
            let held = Witness()
            witness = held
            let worker = try BackgroundWorker<Int, Witness> { { _ in held } }
            for number in 1...10 { worker.give(number) }
            #expect(worker.outstanding == 10)
        }
        #expect(witness == nil)
    }
}
