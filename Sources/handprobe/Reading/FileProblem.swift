import ArgumentParser

/// Why a file is not what it is wanted for, in a sentence.
struct FileProblem: LocalProblem, CustomStringConvertible {
    var description: String
    var exitCode: ExitCode { .environment }

    init(_ description: String) {
        self.description = description
    }
}
