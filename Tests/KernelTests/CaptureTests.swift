import FoundationEssentials
import Glibc
import HandprobeJudge
import HandprobeReport
import HandprobeTestKit
import HandprobeWire
import Testing

/// Where the files are that the other suites left.
private let captureFolder = unsafe getenv("HANDPROBE_JUDGE_CAPTURES").map { unsafe String(cString: $0) }

/// Every file that the program wrote in the kernel suites, frame by frame, as tshark reads it and as we do.
///
/// The other suites leave their files in the folder that HANDPROBE_CAPTURES names; test.sh then runs this one.
@Suite(
    .enabled(
        if: captureFolder != nil, "needs the files of the other kernel suites: Tests/Scripts/test.sh does it"),
    Needs.program("tshark"))
struct CaptureTests {
    /// One file: its octets, its connections, and its frames as we read them; nil stands for a frame that is no segment,
    /// or in which lengths contradict each other.
    private final class Capture: ConversationListener {
        let name: String
        let octets: [UInt8]
        private(set) var flows: Set<FourTuple> = []
        private(set) var frames: [FrameFacts?] = []
        /// The connections in which a segment has a wrong checksum.
        private var damaged: Set<Int> = []

        init(_ name: String, in folder: String) throws {
            self.name = name
            octets = try [UInt8](Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
            #expect(FileJudge(for: self).takeFile(octets) == nil, "\(name)")
        }

        func began(_ number: Int, _ flow: FourTuple, _ expectation: HandprobeJudge.Expectation, at time: Timestamp)
            -> Interest
        {
            flows.insert(flow)
            return .followed
        }

        func observed(_ event: Event, reading: Reading, index: Int, of number: Int) {
            switch event.kind {
            case .segment(let observed):
                if observed.checksum == .bad { damaged.insert(number) }
                let facts = FrameFacts(
                    observed, reading, in: name, followsWrongChecksum: damaged.contains(number))
                frames.append(observed.problem == nil ? facts : nil)
            case .icmpError: frames.append(nil)
            default: break
            }
        }

        func settled(_ number: Int) {}
        func ended(_ conversation: EndedConversation) {}
    }

    /// How often a difference was found, in which files, and the first ones.
    private struct Difference {
        var count = 0
        var files: Set<String> = []
        var examples: [String] = []

        mutating func add(_ ours: FrameFacts, _ theirs: FrameFacts?) {
            count += 1
            files.insert(ours.file)
            if examples.count < 5 { examples.append("ours \(ours)\n  theirs \(theirs.map { "\($0)" } ?? "none")") }
        }
    }

    @Test func tsharkReadsEveryFrameAsWeDo() throws {
        let folder = try #require(captureFolder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let captures = try names.map { try Capture($0, in: folder) }
        var differences: [String: Difference] = [:]
        var count = 0
        for batch in Self.batches(captures) {
            let ours = batch.flatMap(\.frames)
            let theirs = try Self.rows(batch.flatMap(\.octets))
            #expect(ours.count == theirs.count)
            for (frame, row) in zip(ours, theirs) {
                guard let frame else { continue }
                count += 1
                let other = FrameFacts(row: row)
                for kind in other.map({ Self.kinds(frame, $0) }) ?? ["a segment, to tshark none"] {
                    differences[kind, default: Difference()].add(frame, other)
                }
            }
        }
        #expect(count > 0)
        let table = try KnownDifference.all()
        for (kind, difference) in differences.sorted(by: { $0.key < $1.key }) {
            let files = difference.files.sorted().prefix(8).joined(separator: " ")
            print("tshark: \(difference.count) of \(count) frames: \(kind) in \(files)")
            #expect(
                difference.count <= table.first { $0.kind == kind }?.most(of: count) ?? 0,
                "\(kind): \(difference.count) of \(count)\n\(difference.examples.joined(separator: "\n"))")
        }
        print("tshark: \(count) segments of \(captures.count) files compared")
    }

    private static func kinds(_ ours: FrameFacts, _ theirs: FrameFacts) -> [String] {
        var kinds = ours.fields.filter { theirs.fields[$0.key] != $0.value }.map { name, value in
            name == "tcp.checksum.status" ? "\(name) \(value), to tshark \(theirs.fields[name] ?? "")" : name
        }
        guard !ours.followsWrongChecksum else { return kinds }
        if ours.repeats != theirs.repeats {
            kinds.append("\(ours.meaning): \(ours.repeats ? "repeats, to tshark new" : "new, to tshark repeats")")
        }
        if ours.isOutOfOrder != theirs.isOutOfOrder {
            kinds.append(
                "\(ours.meaning): \(ours.isOutOfOrder ? "out of order, to tshark in order" : "in order, to tshark not")"
            )
        }
        return kinds
    }

    /// The files in as few heaps as keep connections between the same sockets apart: tshark takes such for one.
    private static func batches(_ captures: [Capture]) -> [[Capture]] {
        var batches: [(flows: Set<FourTuple>, captures: [Capture])] = []
        for capture in captures {
            let flows = capture.flows.union(capture.flows.map(\.reversed))
            if let place = batches.firstIndex(where: { $0.flows.isDisjoint(with: flows) }) {
                batches[place].flows.formUnion(flows)
                batches[place].captures.append(capture)
            } else {
                batches.append((flows, [capture]))
            }
        }
        return batches.map(\.captures)
    }

    /// What tshark says of the frames of files one behind the other, which is a file too.
    private static func rows(_ octets: [UInt8]) throws -> [[String]] {
        let options = ["-r", "-", "-n", "-o", "tcp.check_checksum:TRUE", "-T", "fields", "-E", "separator=|"]
        let process = try Subprocess(
            "tshark", options + ["-E", "occurrence=f"] + FrameFacts.names.flatMap { ["-e", $0] }, keepsInputOpen: true)
        process.write(octets: octets)
        process.closeInput()
        let result = try process.wait()
        #expect(result.exitCode == 0, "\(result.stderr)")
        return result.stdout.split(separator: "\n").map {
            $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        }
    }
}
