import ArgumentParser
import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeWire

/// Keeps everything that happens in a run in files beside its report, one of each form that was asked for.
final class Record {
    private let files: [any RecordFile]
    private(set) var conversationCount = 0

    init(_ files: [any RecordFile]) {
        self.files = files
    }

    /// Says where it is captured.
    func begin(_ transport: NetTransport) {
        for file in files { file.begin(transport) }
    }

    /// Announces a conversation that is about to begin, in the order in which the engine will number it.
    func announce(_ scene: ReportScene, _ expectation: Expectation) {
        announce(scene.flow, scene, expectation)
    }

    /// Announces a conversation of a file, which begins.
    func announce(_ flow: FourTuple, _ expectation: Expectation) {
        announce(flow, nil, expectation)
    }

    private func announce(_ flow: FourTuple, _ scene: ReportScene?, _ expectation: Expectation) {
        conversationCount += 1
        for file in files { file.announce(conversationCount, flow, scene, expectation) }
    }

    func add(_ event: Event, _ reading: Reading, of conversation: Int) {
        for file in files { file.add(event, reading, of: conversation) }
    }

    func settle(_ verdict: Verdict, of conversation: Int) {
        settle(conversation)
        judge(verdict, of: conversation)
    }

    func settle(_ conversation: Int) {
        for file in files { file.settle(conversation) }
    }

    func judge(_ verdict: Verdict, of conversation: Int) {
        for file in files { file.judge(verdict, of: conversation) }
    }

    /// What keeps an engine's conversations here and passes everything on; to be made before the first is announced.
    func observer(before next: any EngineObserver) -> any EngineObserver {
        RecordingObserver(next, record: self)
    }

    /// Nothing more comes; `transport` is nil where nothing was captured for this run.
    func end(_ transport: NetTransport?) {
        for file in files { file.end(transport) }
    }

    /// The exit code of a run with this one: another only when a file went wrong and nothing else did.
    func code(_ code: ExitCode) -> ExitCode {
        files.contains(where: \.hasFailed) && code == .success ? .environment : code
    }

    /// The command line, quoted so that a shell would read it again, but for a key: the files are shown to others.
    static var commandLine: String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+,./:@%^")
        return (["handprobe"] + CommandLine.arguments.dropFirst().withoutKeys).map { word in
            !word.isEmpty && word.allSatisfy(plain.contains) ? word : "'" + word.replacing("'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }
}

/// One file that a run is kept in. Conversations are counted from 1.
protocol RecordFile: AnyObject {
    /// Says where it is captured.
    func begin(_ transport: NetTransport)
    /// A conversation is about to begin; `scene` is nil where it took place elsewhere.
    func announce(_ conversation: Int, _ flow: FourTuple, _ scene: ReportScene?, _ expectation: Expectation)
    /// The next event of a conversation.
    func add(_ event: Event, _ reading: Reading, of conversation: Int)
    /// A conversation's result rests on the events until here.
    func settle(_ conversation: Int)
    /// A conversation's result, as it is known so far.
    func judge(_ verdict: Verdict, of conversation: Int)
    /// Nothing more comes; `transport` is nil where nothing was captured for this run.
    func end(_ transport: NetTransport?)
    /// True when the file is not what it should be; that was said when it happened.
    var hasFailed: Bool { get }
}

extension Sequence<String> {
    /// The words of a command line with `…` in place of what --md5 gives.
    fileprivate var withoutKeys: [String] {
        var isKey = false
        return map { word in
            defer { isKey = word == "--md5" }
            if isKey { return "…" }
            return word.hasPrefix("--md5=") ? "--md5=…" : word
        }
    }
}
