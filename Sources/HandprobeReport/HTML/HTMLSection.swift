import HandprobeJudge
import HandprobeWire

/// One conversation of a document: verdict, ledger, ladder, findings, every event octet by octet, and the machine.
struct HTMLSection {
    let conversation: HTMLConversation
    /// Its place in the document, from 1.
    let number: Int
    /// True when it is the only one, so that its headings stand a level higher.
    let isAlone: Bool
    private let items: [LadderItem]

    init(_ conversation: HTMLConversation, number: Int, isAlone: Bool) {
        (self.conversation, self.number, self.isAlone) = (conversation, number, isAlone)
        items = LadderItem.all(of: conversation)
    }

    /// What identifiers begin with.
    var prefix: String { "c\(number)" }
    var start: Timestamp { conversation.start ?? Timestamp(nanoseconds: 0) }

    /// What a selector needs to name each event.
    var indices: [Int] { items.map(\.index) }

    var markup: HTML {
        """
        <article class="conversation" id="\(prefix)" aria-labelledby="\(prefix)h">
        \(verdict)
        \(conversation.verdict.map(ledger) ?? "")
        \(course)
        \(findings)
        \(events)
        \(machine)
        </article>

        """
    }

    // MARK: How it went

    private var verdict: HTML {
        let outcome = conversation.verdict?.outcome
        let words = outcome.map(\.words) ?? "not judged"
        let code = conversation.exitCode.map { code -> HTML in #"<span class="code">exit code \#(Int(code))</span>"# }
        let headline = conversation.verdict?.headline ?? "the conversation was not judged"
        return """
            <header class="verdict \(outcome.map { Conclusion.ink($0).name } ?? "dim")">
            <p class="outcome"><span class="sign" aria-hidden="true">\(outcome.map(\.sign) ?? "–")</span> \(words)\
            \(code ?? "")</p>
            \(heading(headline))
            \(facts)
            </header>
            """
    }

    private func heading(_ text: String) -> HTML {
        let several: HTML = isAlone ? "" : #"<span class="count">\#(number)</span> "#
        return isAlone
            ? #"<h1 id="\#(prefix)h">\#(text)</h1>"#
            : #"<h2 id="\#(prefix)h" class="headline">\#(several)\#(text)</h2>"#
    }

    private var facts: HTML {
        var facts: [(String, String)] = []
        if let header = conversation.header, let name = header.name {
            let several = header.addressCount > 1 ? " (one of its \(header.addressCount) addresses)" : ""
            facts.append(("target", "\(name) is \(header.remote.address)\(several)"))
        }
        facts.append(("connection", conversation.connection))
        if let header = conversation.header { facts.append(("interface", header.interface)) }
        if let likeness = conversation.header?.likeness { facts.append(("likeness", likeness)) }
        if let first = conversation.start { facts.append(("began", first.rfc3339)) }
        if let first = conversation.start, let last = items.last?.time, last > first {
            facts.append(("lasted", DurationText.length(last.since(first))))
        }
        if let trip = conversation.verdict?.handshakeRTT {
            facts.append(("handshake round trip", DurationText.length(trip)))
        }
        return """
            <dl class="facts">\(facts.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" })</dl>
            """
    }

    /// A heading within the conversation.
    func title(_ text: String, _ name: String) -> HTML {
        isAlone
            ? #"<h2 id="\#(prefix)\#(name)">\#(text)</h2>"# : #"<h3 id="\#(prefix)\#(name)">\#(text)</h3>"#
    }

    /// A link to an event, when it is shown.
    func link(to event: Int, _ text: String) -> HTML {
        indices.contains(event) ? ##"<a href="#\##(prefix)e\##(event)">\##(text)</a>"## : "\(text)"
    }

    // MARK: The course

    private var course: HTML {
        guard !items.isEmpty else { return "" }
        let peer = conversation.header?.name ?? conversation.flow.remote.address.description
        let drawing = LadderDrawing(prefix: prefix, start: start, peer: TextStyle.document.safe(peer))
        let even = EvenLadder(items)
        let pieces = even.pieces.enumerated().map { index, piece in
            drawing.drawing(piece, number: index + 1, of: even.pieces.count)
        }
        let scaled = ScaledLadder(items)
        return """
            <section class="course" aria-labelledby="\(prefix)course">
            \(title("Ladder", "course"))
            <div class="ladder">
            <input type="radio" name="\(prefix)s" id="\(prefix)even" class="toeven" checked>\
            <label for="\(prefix)even">even distances</label>
            <input type="radio" name="\(prefix)s" id="\(prefix)scale" class="toscale">\
            <label for="\(prefix)scale">time to scale</label>
            <div class="even">
            \(pieces)</div>
            <div class="scaled">
            <p class="note">\(scaled.statement)</p>
            \(drawing.drawing(scaled))</div>
            \(key)
            \(omission)
            </div>
            </section>
            """
    }

    /// What the signs of the ladder mean, as far as this one has them.
    private var key: HTML {
        var signs: [HTML] = [
            #"<li><i class="badge">1</i> makes the request of that number in the ledger</li>"#,
            #"<li><i class="badge ring">1</i> confirms it</li>"#,
        ]
        let lines = items.map(\.shape)
        func has(_ line: LadderItem.Line) -> Bool {
            lines.contains { if case .arrow(_, line) = $0 { true } else { false } }
        }
        if has(.unconfirmed) {
            signs.append("<li><i>╌╌▸</i> a request that was not confirmed, at least not this attempt</li>")
        }
        if has(.disregarded) { signs.append("<li><i>┈✕▸</i> captured, and not acted upon</li>") }
        if has(.kernels) { signs.append("<li><i>══▸</i> made by this machine's kernel</li>") }
        if lines.contains(.fromBetween) { signs.append("<li><i>◂╌◆</i> from a host on the way</li>") }
        return #"<ul class="key">\#(signs)</ul>"#
    }

    private var omission: HTML {
        guard conversation.omitted > 0 else { return "" }
        let (count, first, last) = (conversation.omitted, items[0].index, conversation.resumes)
        return """
            <p class="note warning">Of \(conversation.eventCount) events the first \(last - count - first) and the last \
            \(conversation.eventCount - last) are shown; \(count) between them are left out, \
            from number \(last - count) on.</p>
            """
    }

    /// The list of events, each with its octets.
    private var events: HTML {
        guard !items.isEmpty else { return "" }
        let evidence = Dictionary(
            grouping: (conversation.verdict?.findings ?? []).enumerated().flatMap { number, finding in
                finding.evidence.map { (event: $0, number: number, code: finding.code) }
            }, by: \.event)
        let rows = zip(items, conversation.entries).map { item, entry in
            HTMLEventRow(
                item: item, entry: entry, prefix: prefix, start: start,
                evidence: evidence[item.index, default: []].map { (number: $0.number, code: $0.code.rawValue) })
        }
        return """
            <section class="events" aria-labelledby="\(prefix)events">
            \(title("Events", "events"))
            <p class="note">Every event in words<span class="hint">; a segment opens to its octets</span>.</p>
            <ol>
            \(rows.map(\.markup))</ol>
            \(omission)
            </section>
            """
    }
}

extension Verdict.Outcome {
    /// The outcome as a person says it.
    var words: String {
        switch self {
        case .asExpected: "as expected"
        case .notAsExpected: "not as expected"
        case .noAnswer: "no answer"
        case .degraded: "degraded: something on this machine makes the result uncertain"
        }
    }

    /// A sign for it, so that colour is not needed.
    var sign: String {
        switch self {
        case .asExpected: "✓"
        case .notAsExpected: "✕"
        case .noAnswer: "∅"
        case .degraded: "!"
        }
    }
}
