import HandprobeNet
import HandprobeReport

/// Judges batches of frames on another thread, while the next ones are being read.
final class BackgroundJudge<Summary: Sendable>: BatchJudging {
    private let worker: BackgroundWorker<FrameBatch, JudgedBatch<Summary>>

    /// Batches that may wait for the thread, or for being fetched, beside the one that is filled.
    private static var most: Int { 2 }

    init(keeping summarize: @escaping @Sendable (EndedConversation) -> Summary) throws(SystemError) {
        worker = try BackgroundWorker {
            let judge = BatchJudge(keeping: summarize)
            return { judge.judge($0) }
        }
    }

    /// What a batch came to is always fetched when the second one after it comes, so that the order of what is written
    /// does not depend on who was faster.
    func take(_ batch: consuming FrameBatch) -> JudgedBatch<Summary>? {
        worker.give(batch)
        return worker.outstanding > Self.most ? worker.fetch() : nil
    }

    func next() -> JudgedBatch<Summary>? { worker.fetch() }
}
