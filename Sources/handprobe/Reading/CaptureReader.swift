import HandprobeNet
import HandprobeReport
import HandprobeWire

/// Reads a capture file, whichever format it has.
struct CaptureReader {
    private let input: InputFile

    init(_ input: InputFile) {
        self.input = input
    }

    /// Reads to the end, to where it can be read no further, or until the receiver wants no more; throws when there is
    /// nothing to be read at all.
    func read(into receiver: some CaptureReceiver) throws -> FileSummary {
        let magic = input.peek(CaptureFormat.magicLength)
        if let problem = input.problem { throw problem }
        var summary = FileSummary(name: input.name, format: "pcap", figures: FileFigures(), problem: nil)
        guard input.interruption == nil else { return summary }
        switch CaptureFormat(magic: magic) {
        case .pcap: summary.problem = try readPcap(into: receiver)
        case .pcapng:
            summary.format = "pcapng"
            summary.problem = try readPCAPNG(into: receiver)
        case .other(let clause): throw FileProblem("cannot read \(input.name): \(clause)")
        }
        if let problem = input.problem { summary.problem = problem.description }
        return summary
    }

    /// What is wrong with the file; nil when nothing is.
    private func readPcap(into receiver: some CaptureReceiver) throws -> String? {
        let file = try PcapFile(input)
        // One frame for all of them: unless somebody keeps its octets, the next ones take their place.
        var frame = FileFrame(octets: [], linkType: file.linkType, time: nil, originalLength: 0)
        do {
            while !receiver.isSatisfied, let (time, length) = try file.next(into: &frame.octets) {
                frame.time = time
                frame.originalLength = length
                receiver.take(frame)
            }
        } catch {
            return "after frame \(receiver.frameCount) the file cannot be read: \(error.reason)"
        }
        return nil
    }

    private func readPCAPNG(into receiver: some CaptureReceiver) throws -> String? {
        var reader = PCAPNGReader()
        do throws(PCAPNGError) {
            while !receiver.isSatisfied {
                let octets = input.read()
                if octets.isEmpty { break }
                reader.append(octets)
                while !receiver.isSatisfied, let block = try reader.next() { receiver.take(block) }
            }
        } catch {
            return "after frame \(receiver.frameCount) \(error)"
        }
        guard input.interruption == nil, !receiver.isSatisfied, let problem = reader.end() else { return nil }
        return "after frame \(receiver.frameCount) \(problem)"
    }
}
