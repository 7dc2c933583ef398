import ArgumentParser

/// Why an argument cannot be used, in a sentence that says what would be right.
struct ArgumentProblem: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

extension ArgumentProblem {
    /// The same as the argument parser reports it: as a usage error.
    var validationError: ValidationError { ValidationError(description) }
}

/// Turns a reader of text into a transform of the argument parser.
func reading<Value>(
    _ read: @escaping @Sendable (String) throws(ArgumentProblem) -> Value
) -> @Sendable (String) throws -> Value {
    { text in
        do throws(ArgumentProblem) {
            return try read(text)
        } catch {
            throw error.validationError
        }
    }
}
