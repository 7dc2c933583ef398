import ArgumentParser

/// How much is said.
struct ReportOptions: ParsableArguments {
    @Flag(name: [.short, .long], help: "Say more: absolute numbers, every option, IP header and checksum.")
    var verbose = false

    @Flag(name: [.short, .long], help: "Say only how it went: the last line.")
    var quiet = false

    func validate() throws {
        if verbose && quiet { throw ValidationError("--verbose and --quiet contradict each other") }
    }
}
