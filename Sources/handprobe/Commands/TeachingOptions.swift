import ArgumentParser

/// Whether the report is for somebody who is learning.
struct TeachingOptions: ParsableArguments {
    @Flag(help: "Explain each step: what it asks, what confirms it, both ends' states, the RFC clause.")
    var explain = false

    @Flag(help: "Show each segment octet by octet: every field, and the checksum worked out.")
    var octets = false

    /// Nothing that is left out can be explained.
    func check(with report: ReportOptions) throws {
        for (flag, isGiven) in [("--explain", explain), ("--octets", octets)]
        where isGiven && (report.quiet || report.json) {
            throw ValidationError("\(flag) is for reading: leave --quiet and --json out")
        }
    }
}
