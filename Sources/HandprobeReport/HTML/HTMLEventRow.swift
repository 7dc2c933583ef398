import HandprobeJudge
import HandprobeWire

/// One event in the list: a line in words, and behind it the octets.
struct HTMLEventRow {
    let item: LadderItem
    let entry: HTMLConversation.Entry
    let prefix: String
    let start: Timestamp
    /// The findings that rest on it, by their place.
    let evidence: [(number: Int, code: String)]

    var markup: HTML {
        let id: HTML = #"id="\#(prefix)e\#(item.index)" class="\#(side)""#
        guard let octets else { return "<li \(id)><div class=\"line\">\(line)</div>\(findings)</li>\n" }
        return """
            <li \(id)><details><summary class="line">\(line)</summary>
            <div class="inside">\(facts)\(octets.markup)</div></details>\(findings)</li>

            """
    }

    private var side: String {
        switch item.origin {
        case .us: "us"
        case .kernel: "us kernel"
        case .peer: "peer"
        case .router, nil: "beside"
        }
    }

    private var octets: HTMLOctets? {
        switch entry.event.kind {
        case .segment(let observed):
            HTMLOctets(
                frame: observed.frame, linkType: observed.linkType,
                isCut: observed.frame.count < observed.originalLength)
        case .icmpError(let observed):
            HTMLOctets(
                frame: observed.frame, linkType: observed.linkType,
                isCut: observed.frame.count < observed.originalLength)
        default: nil
        }
    }

    private var line: HTML {
        let subject: HTML =
            item.text == nil
            ? #"<span class="what">\#(item.clause)</span>"#
            : #"<code class="what">\#(item.subject)</code>"#
        let remarks = (item.remarks + (item.note.map { [SideRemark([$0], .warning)] } ?? [])).map { remark -> HTML in
            #"<span class="does \#(remark.ink.name)">\#(remark.clauses.joined(separator: "; "))</span>"#
        }
        let states: HTML =
            item.states.isEmpty ? "" : #" <span class="state">\#(item.states.joined(separator: ", "))</span>"#
        return """
            <span class="index">\(item.index)</span> \
            <span class="time">\(DurationText.moment(item.time.since(start), columns: LadderLayout.time))</span> \
            <span class="who">\(item.who ?? "")</span> \
            <span class="happens">\(subject) \(remarks.joined(by: "; "))\(states)</span>
            """
    }

    private var facts: HTML {
        guard case .segment(let observed) = entry.event.kind else { return "" }
        var clauses = SegmentDetail.clauses(observed)
        if !observed.interface.isEmpty { clauses.append("on \(observed.interface)") }
        if let excerpt = SegmentDetail.excerpt(observed.segment, style: .document) { clauses.append(excerpt) }
        return #"<p class="detail">\#(clauses.joined(separator: " · "))</p>"#
    }

    private var findings: HTML {
        guard !evidence.isEmpty else { return "" }
        let links = evidence.map { finding -> HTML in
            ##"<a href="#\##(prefix)f\##(finding.number)">\##(finding.code)</a>"##
        }
        return #"<p class="rests">evidence of \#(links.joined(by: ", "))</p>"#
    }
}
