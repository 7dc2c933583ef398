import ArgumentParser

extension ExitCode {
    /// The peer answered, but not as expected.
    static let notAsExpected = ExitCode(1)
    /// No answer.
    static let noAnswer = ExitCode(2)
    /// The command line cannot be used.
    static let usage = ExitCode(3)
    /// This machine cannot do it: privilege, name, route, capture.
    static let environment = ExitCode(4)
    /// Something on this machine makes the result uncertain.
    static let degraded = ExitCode(5)

    /// Ended by a signal.
    static func interrupted(by signal: Int32) -> ExitCode { ExitCode(128 + signal) }
}
