import ArgumentParser
import HandprobeNet

/// An error of this machine or of what was asked of it, which has its own exit code.
protocol LocalProblem: Error {
    var exitCode: ExitCode { get }
}

extension SystemError: LocalProblem {
    var exitCode: ExitCode { .environment }
}

extension ResolveError: LocalProblem {
    /// That an address is of one family and another one was asked for can be seen on the command line.
    var exitCode: ExitCode { if case .otherFamily = self { .usage } else { .environment } }
}

extension RouteError: LocalProblem {
    /// An address that no TCP can have at its other end is a mistake of the command line; the rest is this machine's.
    var exitCode: ExitCode {
        switch self {
        case .broadcast, .multicast, .unspecified, .missingScope, .familyMismatch: .usage
        default: .environment
        }
    }
}
