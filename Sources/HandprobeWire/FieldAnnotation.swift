/// One field of a packet: where it stands, what it holds and what that means.
public struct FieldAnnotation: Hashable, Sendable {
    /// The octets that hold the field, or share it with a neighbour.
    public var octets: Range<Int>
    /// The field's bits within these octets, bit 0 being the most significant of the first; nil when the octets are all its own.
    public var bits: Range<Int>?
    /// The layer that the field belongs to.
    public var layer: WireLayer
    /// The field's name, in lower case.
    public var name: String
    /// The value as one writes it.
    public var value: String
    /// What the value says, or what is wrong with it; may be empty.
    public var meaning: String

    /// A field from its parts.
    public init(
        octets: Range<Int>,
        bits: Range<Int>? = nil,
        layer: WireLayer,
        name: String,
        value: String,
        meaning: String = ""
    ) {
        self.octets = octets
        self.bits = bits
        self.layer = layer
        self.name = name
        self.value = value
        self.meaning = meaning
    }
}
