import HandprobeJudge
import HandprobeReport
import HandprobeWire

extension Story {
    /// The segments, in order.
    var segments: [ObservedSegment] {
        events.compactMap { if case .segment(let observed) = $0.kind { observed } else { nil } }
    }

    /// The conversation as a document shows it.
    func conversation(name: String? = nil) -> HTMLConversation {
        let header = RunHeader(
            local: us, remote: peer, interface: "veth0", guards: ["md5", "min-hop-limit"], name: name,
            addressCount: name == nil ? 1 : 4)
        var conversation = HTMLConversation(FourTuple(local: us, remote: peer), header: header)
        for (event, reading) in zip(events, readings) { conversation.add(event, reading) }
        conversation.verdict = verdict
        conversation.circumstances = .test
        return conversation
    }

    /// The whole document.
    func document(name: String? = nil) -> String {
        var report = HTMLReport.test
        report.conversations = [conversation(name: name)]
        return report.document
    }
}

extension LiveStory {
    var conversation: HTMLConversation {
        var conversation = HTMLConversation(flow)
        for (event, reading) in zip(events, readings) { conversation.add(event, reading) }
        conversation.verdict = verdict
        return conversation
    }

    var report: HTMLReport {
        var report = HTMLReport.test
        report.conversations = [conversation]
        return report
    }
}

extension HTMLReport {
    static let test = HTMLReport(
        command: "close", target: "www.example.net:8080",
        commandLine: "handprobe close www.example.net:8080 --html run.html", application: "handprobe 0.1.0")
}
