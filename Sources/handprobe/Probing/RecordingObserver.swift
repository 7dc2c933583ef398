import HandprobeEngine
import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// Passes on to another observer what an engine says, and keeps it in a record.
final class RecordingObserver: EngineObserver {
    private let inner: any EngineObserver
    private let record: Record
    /// Conversations of the record before this engine's first.
    private let before: Int

    /// To be made before the engine's first conversation is announced.
    init(_ inner: any EngineObserver, record: Record) {
        self.inner = inner
        self.record = record
        before = record.conversationCount
    }

    func observed(_ event: Event, reading: Reading, of id: ConversationID) {
        record.add(event, reading, of: before + id.number)
        inner.observed(event, reading: reading, of: id)
    }

    func offered(_ segment: TCPSegment, of id: ConversationID) -> SegmentDecision {
        inner.offered(segment, of: id)
    }

    func typed(_ line: String) -> SegmentDecision? { inner.typed(line) }

    func inputEnded() { inner.inputEnded() }

    func settled(_ verdict: Verdict, of id: ConversationID) {
        record.settle(verdict, of: before + id.number)
        inner.settled(verdict, of: id)
    }

    func revised(_ verdict: Verdict, of id: ConversationID) {
        record.settle(verdict, of: before + id.number)
        inner.revised(verdict, of: id)
    }

    func ended(_ id: ConversationID) { inner.ended(id) }

    var progressInterval: Duration? { inner.progressInterval }

    func waits(_ waiting: Waiting, of id: ConversationID, at now: Instant) {
        inner.waits(waiting, of: id, at: now)
    }

    func statisticsWanted() { inner.statisticsWanted() }
}
