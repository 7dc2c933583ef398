internal import CProcessor
import HandprobeJudge
import HandprobeWire

/// Whoever judges batches of frames, in the order in which they come: at once, or meanwhile.
public protocol BatchJudging<Summary>: AnyObject {
    /// What is kept of a conversation that is over.
    associatedtype Summary: Sendable

    /// Takes the next batch; returns what one came to that was taken before, or this one, as soon as one is due.
    func take(_ batch: consuming FrameBatch) -> JudgedBatch<Summary>?
    /// What the batch came to that was taken first of those not returned yet; nil when there is none.
    func next() -> JudgedBatch<Summary>?
}

/// What came of a batch.
public struct JudgedBatch<Summary: Sendable>: Sendable {
    /// The batch, whose storage can be used again.
    var batch: FrameBatch
    /// What is kept of the conversations that were over in it, in the order in which they ended.
    var summaries: [Summary]
}

/// Judges batches of frames at once.
public final class BatchJudge<Summary: Sendable>: BatchJudging {
    /// How many groups before its own a conversation is fetched.
    private static var lookahead: Int { 2 }

    private let summarize: @Sendable (EndedConversation) -> Summary
    /// The conversations that are not over, at their places in the table.
    private var cases: [ConversationCase?] = []
    /// Those of the batch that is being judged, at the places of their groups.
    private var present: [ConversationCase] = []
    /// A few of those whose conversations are over, to be used for others: large as they are, the heap would take its time.
    private var spare: [ConversationCase] = []

    private static var mostSpare: Int { 2048 }

    /// Keeps of each conversation that is over what `summarize` makes of it.
    public init(keeping summarize: @escaping @Sendable (EndedConversation) -> Summary) {
        self.summarize = summarize
    }

    /// What a sorted batch comes to. The batches must come in the order in which they were made.
    public func judge(_ batch: consuming FrameBatch) -> JudgedBatch<Summary> {
        // What nobody asks for, made once so that its storage is used again.
        var reading = Reading()
        var place = 0
        for (index, group) in batch.groups.enumerated() {
            let ahead = index + Self.lookahead
            if ahead < batch.groups.count { prefetch(batch.groups[ahead]) }
            let conversation = conversation(of: group)
            present.append(conversation)
            conversation.take(place..<place + group.entryCount, of: batch, into: &reading)
            place += group.entryCount
        }
        var over: [ConversationCase] = []
        let summaries = batch.ends.map { end in
            let conversation = present[end.group]
            let place = batch.groups[end.group].place
            if cases[place] === conversation { cases[place] = nil }
            over.append(conversation)
            return summarize(
                EndedConversation(number: end.number, flow: end.flow, times: end.times, judging: conversation))
        }
        present.removeAll(keepingCapacity: true)
        // Unless what was made of it has kept it.
        for index in over.indices where spare.count < Self.mostSpare && isKnownUniquelyReferenced(&over[index]) {
            spare.append(over[index])
        }
        return JudgedBatch(batch: batch, summaries: summaries)
    }

    /// Judges the batch at once.
    public func take(_ batch: consuming FrameBatch) -> JudgedBatch<Summary>? { judge(batch) }

    /// None: every batch was returned when it was taken.
    public func next() -> JudgedBatch<Summary>? { nil }

    /// Has the processor fetch the conversation of a group that comes soon: it is large, and was not looked at for long.
    private func prefetch(_ group: FrameBatch.Group) {
        guard group.beginning == nil else { return }
        // As an address: to take it as what it is would count a reference, and wait for it.
        unsafe cases.withUnsafeBytes { places in
            let offset = group.place * MemoryLayout<ConversationCase?>.stride
            unsafe processor_prefetch(
                places.load(fromByteOffset: offset, as: UnsafeRawPointer?.self), ConversationCase.size)
        }
    }

    private func conversation(of group: FrameBatch.Group) -> ConversationCase {
        guard let flow = group.beginning else { return cases[group.place]! }
        let conversation = newCase(flow)
        while cases.count <= group.place { cases.append(nil) }
        cases[group.place] = conversation
        return conversation
    }

    private func newCase(_ flow: FourTuple) -> ConversationCase {
        guard let former = spare.popLast() else { return ConversationCase(flow, .observe, isFollowed: false) }
        former.begin(flow, .observe)
        return former
    }
}
