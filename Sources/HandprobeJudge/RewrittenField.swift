/// One field that this machine changed between our crafting it and its leaving.
public struct RewrittenField: Hashable, Sendable {
    /// The field's name in the field's standard terms.
    public var field: String
    /// What was crafted.
    public var crafted: String
    /// What left.
    public var left: String

    /// A changed field.
    public init(field: String, crafted: String, left: String) {
        self.field = field
        self.crafted = crafted
        self.left = left
    }
}
