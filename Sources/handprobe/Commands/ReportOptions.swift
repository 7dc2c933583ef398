import ArgumentParser

/// How much is said.
struct ReportOptions: ParsableArguments {
    @Flag(name: [.short, .long], help: "Say more: absolute numbers, every option, IP header and checksum.")
    var verbose = false

    @Flag(name: [.short, .long], help: "Say only how it went: the last line.")
    var quiet = false

    @Flag(help: "Write one JSON object a line, for each event and in the end: NDJSON.")
    var json = false

    func validate() throws {
        if verbose && quiet { throw ValidationError("--verbose and --quiet contradict each other") }
        if json && (verbose || quiet) {
            throw ValidationError("--json always says everything: leave --verbose and --quiet out")
        }
    }
}
