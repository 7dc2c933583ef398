import ArgumentParser

/// Whether the report is for somebody who is learning.
struct TeachingOptions: ParsableArguments {
    @Flag(help: "Explain each step: what it asks, what confirms it, both ends' states, the RFC clause.")
    var explain = false

    /// Nothing that is left out can be explained.
    func check(with report: ReportOptions) throws {
        if explain && (report.quiet || report.json) {
            throw ValidationError("--explain is for reading: leave --quiet and --json out")
        }
    }
}
