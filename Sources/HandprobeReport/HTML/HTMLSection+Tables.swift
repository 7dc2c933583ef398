import HandprobeJudge
import HandprobeWire

/// What is said beside the course: the ledger, the findings, the machine.
extension HTMLSection {
    func ledger(_ verdict: Verdict) -> HTML {
        let rows = RequestKind.allCases.map { kind -> HTML in
            let record = verdict.ledger[kind]
            let made = LedgerText.made(record, kind, start)
            let became = LedgerText.became(verdict, kind, start, .document)
            let attempts = LedgerText.attempts(record, kind, start).map { text -> HTML in
                #"<br><span class="dim">\#(text)</span>"#
            }
            let request = request(kind)
            let outcomes = became.flatMap { remark in
                remark.clauses.enumerated().map { index, clause -> HTML in
                    let event = index == 0 ? record.confirmedBy : verdict.openProvedBy
                    let text = event.map { link(to: $0, clause) } ?? "\(clause)"
                    let ink = index == 0 && record.confirmedAt != nil ? Ink.good : remark.ink
                    return #"<span class="\#(ink.name)">\#(text)</span>"#
                }
            }
            return """
                <tr id="\(prefix)q\(kind.number)" class="q\(kind.number)" tabindex="0">\
                <th scope="row"><i class="badge">\(kind.number)</i> \(kind.rawValue)</th>\
                <td>\(request.map { link(to: $0, made) } ?? "\(made)")\(attempts)</td>\
                <td>\(outcomes.joined(by: "<br>"))</td></tr>

                """
        }
        return """
            <section class="ledger" aria-labelledby="\(prefix)ledger">
            \(title("Ledger", "ledger"))
            <table>
            <caption>Each end asks to open and asks to close; each request wants a confirmation. \
            <span class="hint">Point at a row, or focus it, to see both in the ladder.</span></caption>
            <thead><tr><th scope="col">request</th><th scope="col">made</th>\
            <th scope="col">confirmed</th></tr></thead>
            <tbody>\(rows)</tbody>
            </table>
            </section>
            """
    }

    /// The event that made a request first, when it is shown.
    private func request(_ kind: RequestKind) -> Int? {
        conversation.entries.first { entry in
            entry.reading.meanings.contains {
                if case .requests(kind, _) = $0 { true } else { false }
            }
        }?.index
    }

    var findings: HTML {
        guard let verdict = conversation.verdict else { return "" }
        let rows = verdict.findings.enumerated().map { number, finding -> HTML in
            let links = finding.evidence.map { link(to: $0, "\($0)") }
            let evidence: HTML =
                links.isEmpty
                ? "" : "<dt>rests on</dt><dd>\(links.count == 1 ? "event" : "events") \(links.joined(by: ", "))</dd>"
            let clause: HTML = finding.code.clause.map { clause in "<dt>see</dt><dd>\(clause)</dd>" } ?? ""
            return """
                <li id="\(prefix)f\(number)" class="\(Conclusion.ink(finding.outcome).name)">
                <p><span class="sign" aria-hidden="true">\(finding.outcome.sign)</span> <code>\(finding.code.rawValue)</code> \
                \(finding.sentence)</p>
                <p class="meaning">\(finding.code.meaning)</p>
                <dl><dt>makes the run</dt><dd>\(JSONValue.name(finding.outcome))</dd>\
                <dt>stage</dt><dd>\(finding.stage.rawValue)</dd>\
                <dt>by</dt><dd>\(finding.source.map(EventText.name) ?? "nobody")</dd>\
                \(evidence)\(clause)</dl>
                </li>

                """
        }
        let list: HTML =
            rows.isEmpty ? #"<p class="note">Nothing else is worth saying.</p>"# : "<ol>\n\(rows)</ol>"
        return """
            <section class="findings" aria-labelledby="\(prefix)findings">
            \(title("Findings", "findings"))
            \(list)
            </section>
            """
    }

    var machine: HTML {
        guard let circumstances = conversation.circumstances else { return "" }
        let guards = circumstances.guards.isEmpty ? "no guard" : circumstances.guards.joined(separator: " + ")
        var rows: [HTML] = ["<div><dt>kernel kept out by</dt><dd>\(guards)</dd></div>"]
        let error = circumstances.clockError.map { "at most \(DurationText.length($0))" } ?? "not measured"
        rows.append("<div><dt>error of times</dt><dd>\(error)</dd></div>")
        rows += circumstances.captures.map { capture -> HTML in
            """
            <div><dt>capture on \(capture.interface)</dt><dd>\(capture.received) frames passed the filter, \
            \(capture.dropped == 0 ? "none" : "\(capture.dropped)") lost</dd></div>
            """
        }
        if let silence = conversation.verdict?.silence {
            let sent = silence.seenLeaving == 1 ? "1 segment" : "\(silence.seenLeaving) segments"
            let check = silence.check.map { ", \($0.words)" } ?? ""
            let words =
                "\(sent) seen leaving, \(silence.framesLost) frames lost, \(silence.icmpErrors) ICMP errors\(check)"
            rows.append("<div><dt>silence was believed on</dt><dd>\(words)</dd></div>")
        }
        return """
            <section class="machine" aria-labelledby="\(prefix)machine">
            \(title("This machine", "machine"))
            <dl class="facts">\(rows)</dl>
            </section>
            """
    }
}
