import HandprobeNet
import HandprobeReport
import HandprobeWire

/// Feeds a judge with a capture file, whichever format it has.
struct CaptureReader {
    private let input: InputFile

    init(_ input: InputFile) {
        self.input = input
    }

    /// Reads to the end, or to where it can be read no further; throws when there is nothing to be read at all.
    func read(into judge: FileJudge) throws -> FileSummary {
        let magic = input.peek(CaptureFormat.magicLength)
        if let problem = input.problem { throw problem }
        var summary = FileSummary(name: input.name, format: "pcap", figures: FileFigures(), problem: nil)
        guard input.interruption == nil else { return summary }
        switch CaptureFormat(magic: magic) {
        case .pcap: summary.problem = try readPcap(into: judge)
        case .pcapng:
            summary.format = "pcapng"
            summary.problem = try readPCAPNG(into: judge)
        case .other(let clause): throw FileProblem(input.name, clause)
        }
        if let problem = input.problem { summary.problem = problem.description }
        return summary
    }

    /// What is wrong with the file; nil when nothing is.
    private func readPcap(into judge: FileJudge) throws -> String? {
        let file = try PcapFile(input)
        let linkType = file.linkType
        do {
            while try file.next({ octets, time, originalLength in
                judge.take(
                    FileFrame(
                        octets: unsafe octets.withUnsafeBufferPointer { unsafe Array($0) },
                        linkType: linkType,
                        time: time,
                        originalLength: originalLength
                    ))
            }) {}
        } catch {
            return "after frame \(judge.figures.frames) the file cannot be read: \(error.reason)"
        }
        return nil
    }

    private func readPCAPNG(into judge: FileJudge) throws -> String? {
        var reader = PCAPNGReader()
        do throws(PCAPNGError) {
            while true {
                let octets = input.read()
                if octets.isEmpty { break }
                reader.append(octets)
                while let block = try reader.next() { judge.take(block) }
            }
        } catch {
            return "after frame \(judge.figures.frames) \(error)"
        }
        guard input.interruption == nil, let problem = reader.end() else { return nil }
        return "after frame \(judge.figures.frames) \(problem)"
    }
}
