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

    @Option(
        help: ArgumentHelp(
            "Draw the run as one HTML page that needs nothing else: ladder, ledger, findings, every octet explained.",
            valueName: "file.html"
        ))
    var html: String?

    func validate() throws {
        if let write, write.isEmpty || write == "-" {
            throw ValidationError("--write takes the name of a file: standard output is the report's")
        }
        if let html, html.isEmpty || html == "-" {
            throw ValidationError("--html takes the name of a file: standard output is the report's")
        }
        if let write, write == html {
            throw ValidationError("--write and --html name the same file: give each its own")
        }
    }

    /// The first of these options that was given; nil when the run is kept nowhere.
    var given: String? { write != nil ? "--write" : html != nil ? "--html" : nil }

    /// The files that were asked for, with what comes first in them written; nil when there are none.
    ///
    /// To be called before capabilities are dropped: under sudo it is a capability that lets root write where the person
    /// may. A program installed with cap_net_raw alone has no right here that its caller has not.
    func open(_ command: String, _ target: String) throws -> Record? {
        var files: [any RecordFile] = []
        if let html { files.append(PageRecord(try WholeFile(at: html), command: command, target: target)) }
        if let write { files.append(CaptureRecord(try OutputFile(creating: write))) }
        return files.isEmpty ? nil : Record(files)
    }
}
