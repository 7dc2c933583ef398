import ArgumentParser
import HandprobeNet

/// Where else the run is kept.
struct RecordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep every frame and everything else that happened in a pcapng file, each frame with a comment.",
            valueName: "file.pcapng"
        ))
    var write: String?

    func validate() throws {
        if let write, write.isEmpty || write == "-" {
            throw ValidationError("--write takes the name of a file: standard output is the report's")
        }
    }

    /// The file, when one was asked for, with its beginning written.
    ///
    /// To be called before capabilities are dropped: under sudo it is a capability that lets root write where the person
    /// may. A program installed with cap_net_raw alone has no right here that its caller has not.
    func open() throws -> Record? {
        try write.map { try Record(OutputFile(creating: $0)) }
    }
}
