/// Gives a value that cannot be copied a place where arrays and classes can keep it.
final class Held<Value: ~Copyable> {
    /// The value, which ends with this object.
    let value: Value

    /// Takes the value over.
    init(_ value: consuming Value) {
        self.value = value
    }
}
