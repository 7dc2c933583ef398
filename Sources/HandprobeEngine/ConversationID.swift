/// Names one conversation of an engine, in the order they were added.
public struct ConversationID: Hashable, Sendable {
    /// Counted from 1.
    public var number: Int

    /// The `number`th conversation.
    public init(_ number: Int) {
        self.number = number
    }
}
