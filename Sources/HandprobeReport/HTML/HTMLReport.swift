import HandprobeJudge
import HandprobeWire

/// A run as one self-contained HTML document: nothing is loaded, and nothing in it is a script.
public struct HTMLReport: Sendable {
    /// The most conversations that are shown whole; of the others the document says how many they were.
    public static let mostConversations = 200
    /// The most events that a pointer over the ladder opens; beyond them a click does.
    private static let mostPeeks = 600

    /// The command: `close`.
    public var command: String
    /// The target as the person wrote it, or the file that was read; nil for a command without one.
    public var target: String?
    /// The command line, as a shell would read it again; nil when there was none.
    public var commandLine: String?
    /// The program and its version.
    public var application: String
    /// The conversations, in order.
    public var conversations: [HTMLConversation] = []
    /// Conversations that were judged and are not among these.
    public var omittedConversations = 0

    /// A document without a conversation.
    public init(command: String, target: String?, commandLine: String? = nil, application: String) {
        self.command = command
        self.target = target
        self.commandLine = commandLine
        self.application = application
    }

    /// The whole document.
    public var document: String {
        let isAlone = conversations.count == 1 && omittedConversations == 0
        let sections = conversations.enumerated().map {
            HTMLSection($0.element, number: $0.offset + 1, isAlone: isAlone)
        }
        return page(sections, isAlone: isAlone).markup
    }

    private var name: String { "handprobe \(command)" + (target.map { " \($0)" } ?? "") }

    private func page(_ sections: [HTMLSection], isAlone: Bool) -> HTML {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" \
        content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <meta name="generator" content="\(application)">
        <title>\(title)</title>
        <style>
        \(HTMLStyleSheet.text)\(peeks(sections))</style>
        </head>
        <body>
        <div class="banner"><p><b>handprobe</b> \(command) \(target ?? "")</p></div>
        <main>
        \(isAlone ? "" : contents)
        \(sections.map(\.markup))</main>
        <footer>
        \(commandLine.map { line -> HTML in "<p><code>\(line)</code></p>" } ?? "")
        <p>\(application)</p>
        </footer>
        </body>
        </html>

        """
    }

    private var title: String {
        guard conversations.count == 1, let verdict = conversations[0].verdict else { return name }
        return "\(verdict.outcome.sign) \(name)"
    }

    /// What opens an event's octets while a pointer is over its arrow, or the focus on it.
    private func peeks(_ sections: [HTMLSection]) -> HTML {
        var selectors: [HTML] = []
        for section in sections {
            for index in section.indices where selectors.count < Self.mostPeeks {
                let event: HTML = "\(section.prefix)l\(index)"
                selectors.append(
                    "body:has(.\(event):is(:hover,:focus-visible)) #\(section.prefix)e\(index)>details::details-content"
                )
            }
        }
        guard !selectors.isEmpty else { return "" }
        return "@media screen and (min-width:900px){\n\(selectors.joined(by: ",\n"))\(HTMLStyleSheet.peek)}\n"
    }

    /// The conversations, and how each went.
    private var contents: HTML {
        let rows = conversations.enumerated().map { index, conversation -> HTML in
            let outcome = conversation.verdict?.outcome
            let trip = conversation.verdict?.handshakeRTT.map { DurationText.length($0) } ?? ""
            return """
                <tr><td>\(index + 1)</td><td class="\(outcome.map { Conclusion.ink($0).name } ?? "dim")">\
                <span aria-hidden="true">\(outcome.map(\.sign) ?? "–")</span> \(outcome.map(JSONValue.name) ?? "not judged")</td>\
                <td><a href="#c\(index + 1)">\(conversation.connection)</a></td><td class="number">\(trip)</td>\
                <td>\(conversation.verdict?.headline ?? "")</td></tr>

                """
        }
        let omitted: HTML =
            omittedConversations == 0
            ? ""
            : """
            <p class="note warning">\(omittedConversations) more conversations are left out: a page shows the first \
            \(Self.mostConversations).</p>
            """
        guard !rows.isEmpty else { return "<h1>no conversation</h1>" }
        let expected = conversations.count { $0.verdict?.outcome == .asExpected }
        let all: HTML = omittedConversations == 0 ? "" : " of \(conversations.count + omittedConversations)"
        return """
            <nav aria-labelledby="contents">
            <h1 id="contents">\(conversations.count)\(all) conversations, \(expected) as expected</h1>
            <table aria-labelledby="contents"><thead><tr><th scope="col">number</th><th scope="col">outcome</th>\
            <th scope="col">connection</th>\
            <th scope="col">round trip</th><th scope="col">how it went</th></tr></thead>
            <tbody>\(rows)</tbody></table>
            \(omitted)
            </nav>
            """
    }
}
