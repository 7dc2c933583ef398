import ArgumentParser

/// How long a silent peer is waited for.
struct PatienceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("How often a SYN without answer is repeated: after 1, 2, 4 … s.", valueName: "count"),
        transform: reading { text throws(ArgumentProblem) in
            Int(try NumberArgument.read(text, upTo: UInt8(10), what: "the retries"))
        }
    )
    var retries = 2

    @Option(
        help: ArgumentHelp(
            "How long a SYN is waited for in all; by default what the retries take, 7 s.",
            valueName: "duration"
        ),
        transform: reading(DurationArgument.readPositive)
    )
    var timeout: Duration?
}
