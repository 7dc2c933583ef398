import ArgumentParser
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// The SYN of a capture file that ours is made like.
struct SynLikeness {
    /// How it looks.
    let pattern: SynPattern
    /// Where it stands, in words.
    let place: String

    /// Reads a file up to the first SYN in it that asks for a connection.
    ///
    /// To be called once capabilities are dropped: the octets of a capture are anybody's.
    init(readingFrom path: String, hasKey: Bool) throws {
        let input = try InputFile(path)
        if input.isTerminal {
            throw ValidationError("standard input is a terminal: a capture comes from a pipe or a file")
        }
        let search = SynSearch()
        let summary = try CaptureReader(input).read(into: search)
        switch input.interruption {
        case .signal(let number)?: throw ExitCode.interrupted(by: number)
        case .outputClosed?: throw ExitCode.interrupted(by: 13)
        case nil: break
        }
        guard let pattern = search.found else {
            let end = summary.problem.map { "; \($0)" } ?? ""
            let frames = search.frameCount == 1 ? "its one frame is no" : "none of its \(search.frameCount) frames is a"
            throw FileProblem("cannot copy a SYN of \(input.name): \(frames) SYN without ACK\(end)")
        }
        place = "frame \(search.frameCount) of \(input.name)"
        if pattern.isCut {
            throw FileProblem(
                "cannot copy the SYN in \(place): the capture cut it short, so that its options are not all there")
        }
        if let obstacle = pattern.obstacle(hasKey: hasKey) {
            throw FileProblem("cannot copy the SYN in \(place): \(obstacle)")
        }
        self.pattern = pattern
    }

    /// Says what of ours is copied, where `syn` and `path` ask for nothing else, and what is not.
    func words(_ syn: SynOptions, _ path: PathOptions) -> String {
        var copied = ["options in \(pattern.options.count) octets"]
        if syn.flags == nil { copied.append("flags \(pattern.flags.notation)") }
        if syn.win == nil { copied.append("window \(pattern.window)") }
        if path.ttl == nil { copied.append("time to live \(pattern.hopLimit)") }
        if path.tos == nil { copied.append("type of service \(pattern.trafficClass)") }
        if !pattern.dontFragment { copied.append("may be fragmented") }
        if !pattern.hasFlowLabel { copied.append("no flow label") }
        var ours = ["addresses", "ports", "sequence number"]
        if pattern.options.timestamps != nil { ours.append("clock") }
        if !pattern.hasIdentification { ours.append("identification (there 0, which the kernel would replace)") }
        let text = pattern.textLength > 0 ? "; without its \(pattern.textLength) octets of text" : ""
        return "our SYN is that in \(place): " + copied.joined(separator: ", ") + "; "
            + ours.joined(separator: ", ") + " are ours" + text
    }
}
