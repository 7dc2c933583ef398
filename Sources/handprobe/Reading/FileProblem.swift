import ArgumentParser

/// Why a file cannot be read as a capture at all.
struct FileProblem: LocalProblem, CustomStringConvertible {
    var description: String
    var exitCode: ExitCode { .environment }

    init(_ name: String, _ clause: String) {
        description = "cannot read \(name): \(clause)"
    }
}
