import HandprobeJudge
import HandprobeWire

/// Ladders as SVG.
struct LadderDrawing {
    /// What the identifiers of the conversation begin with: `c1`.
    let prefix: String
    let start: Timestamp
    let peer: String

    /// A piece of a ladder with even distances.
    func drawing(_ piece: EvenLadder.Piece, number: Int, of count: Int) -> HTML {
        let label = "Ladder" + (count > 1 ? ", part \(number) of \(count)" : "")
        let (left, right) = (LadderColumns.ours, LadderColumns.theirs)
        return svg(height: piece.height, label: label) {
            """
            \(names(left: left, right: right, y: 20))\
            \(piece.rows.map(row))
            \(lifeline(left, from: 30, to: piece.height))\(lifeline(right, from: 30, to: piece.height))
            """
        }
    }

    /// A whole ladder with its arrows to scale.
    func drawing(_ ladder: ScaledLadder) -> HTML {
        svg(height: ladder.height, label: "Ladder, time to scale") {
            """
            \(names(left: ScaledLadder.ours, right: ScaledLadder.theirs, y: 22))\
            \(ladder.scale.ticks.map(tick))\
            \(ladder.rows.map(row))
            \(lifeline(ScaledLadder.ours, from: 32, to: ladder.end))\
            \(lifeline(ScaledLadder.theirs, from: 32, to: ladder.end))\
            \(ladder.scale.cuts.map { cut($0, ladder) })
            """
        }
    }

    private func svg(height: Int, label: String, _ content: () -> HTML) -> HTML {
        """
        <svg role="group" aria-label="\(label)" viewBox="0 0 \(LadderColumns.width) \(height)" \
        width="\(LadderColumns.width)" height="\(height)">\(content())</svg>

        """
    }

    private func names(left: Int, right: Int, y: Int) -> HTML {
        let peer = WordWrap.shortened(peer, columns: 44, ellipsis: "…")
        return """
            <text class="name us" x="\(left)" y="\(y)">us</text>\
            <text class="name peer" x="\(right)" y="\(y)">\(peer)</text>
            """
    }

    private func lifeline(_ x: Int, from: Int, to: Int) -> HTML {
        #"<line class="life" x1="\#(x)" y1="\#(from)" x2="\#(x)" y2="\#(to)"/>"#
    }

    private func tick(_ tick: (position: Int, time: Duration)) -> HTML {
        let y = tick.position + ScaledLadder.head
        return """
            <g aria-hidden="true">\
            <line class="tick" x1="\(ScaledLadder.axis + 6)" y1="\(y)" x2="\(ScaledLadder.ours)" y2="\(y)"/>\
            <text class="time" x="\(ScaledLadder.axis)" y="\(y + 4)">\(DurationText.moment(tick.time, columns: 12))</text>\
            </g>
            """
    }

    private func cut(_ cut: TimeScale.Cut, _ ladder: ScaledLadder) -> HTML {
        let y = ladder.rows[cut.after].arrow + TimeScale.cutHeight / 2
        let breaks = [ScaledLadder.ours, ScaledLadder.theirs].map { x -> HTML in
            """
            <rect class="gap" x="\(x - 8)" y="\(y - 5)" width="16" height="10"/>\
            <path class="life" d="M\(x - 8) \(y - 2)l16-6M\(x - 8) \(y + 8)l16-6"/>
            """
        }
        let middle = (ScaledLadder.ours + ScaledLadder.theirs) / 2
        return """
            \(breaks)<text class="cut" x="\(middle)" y="\(y + 4)">\(DurationText.length(cut.length)) of silence</text>
            """
    }

    private func row(_ row: EvenLadder.Row) -> HTML {
        let (left, right, y) = (LadderColumns.ours, LadderColumns.theirs, row.arrow)
        let first = row.top + 14
        let isOurs = row.item.origin?.isHere ?? true
        let texts = row.lines.text.enumerated().map { index, text -> HTML in
            let y = first + index * LadderLines.height
            if row.isBetween {
                return #"<text class="between" x="\#((left + right) / 2)" y="\#(y + 5)">\#(text)</text>"#
            }
            return isOurs
                ? #"<text class="seg" x="\#(left + 18)" y="\#(y)">\#(text)</text>"#
                : #"<text class="seg theirs" x="\#(right - 18)" y="\#(y)">\#(text)</text>"#
        }
        let time = DurationText.moment(row.item.time.since(start), columns: LadderLayout.time)
        let ours = row.item.ourState.map { state(LadderColumns.ourState, y, left, $0, "state ours") }
        let theirs = row.item.peerState.map { state(LadderColumns.peerState, y, right, $0, "state") }
        return link(row.item) {
            """
            <rect class="hit" x="0" y="\(row.top - 3)" width="\(LadderColumns.width)" height="\(row.height - 2)"/>\
            <text class="time" x="\(LadderColumns.time)" y="\(y + 4)">\(time)</text>\
            \([ours, theirs].compactMap(\.self))\
            \(LadderArrow(row.item, left: left, right: right, y: y, hasBadges: true).markup)\(texts)\
            \(remarks(row.lines, x: LadderColumns.remarks, y: first))
            """
        }
    }

    private func state(_ x: Int, _ y: Int, _ lifeline: Int, _ name: String, _ kind: String) -> HTML {
        """
        <circle class="change" cx="\(lifeline)" cy="\(y)" r="3"/><text class="\(kind)" x="\(x)" y="\(y + 4)">\(name)</text>
        """
    }

    private func row(_ row: ScaledLadder.Row) -> HTML {
        let (left, right, y) = (ScaledLadder.ours, ScaledLadder.theirs, row.arrow)
        let (ourStates, peerStates) = (ScaledLadder.ourStates, ScaledLadder.peerStates)
        let first = row.top + 14
        let time = DurationText.moment(row.item.time.since(start), columns: LadderLayout.time)
        let texts = row.lines.text.enumerated().map { index, text -> HTML in
            #"<text class="seg" x="\#(ScaledLadder.text)" y="\#(first + index * LadderLines.height)">\#(text)</text>"#
        }
        let below = first + row.lines.text.count * LadderLines.height
        let badges = row.item.badges.enumerated().map { index, badge in
            badge.mark(x: ScaledLadder.width - 10 - 20 * index, y: first - 4)
        }
        let ours = beside(left, y, row.ourState, row.item.ourState, x: ourStates, "state ours")
        let theirs = beside(right, y, row.peerState, row.item.peerState, x: peerStates.left, "state")
        return link(row.item) {
            """
            <rect class="hit" x="\(ScaledLadder.labels - 4)" y="\(row.top)" \
            width="\(ScaledLadder.width - ScaledLadder.labels + 4)" height="\(row.height - 4)"/>\
            <path class="leader" d="M\(right + 4) \(y)H\(peerStates.right)L\(ScaledLadder.labels - 16) \(first - 4)\
            H\(ScaledLadder.labels - 6)"/>\
            \(LadderArrow(row.item, left: left, right: right, y: y, hasBadges: false).markup)\(badges)\(ours)\(theirs)\
            <text class="time label" x="\(ScaledLadder.labels)" y="\(first)">\(time)</text>\(texts)\
            \(remarks(row.lines, x: ScaledLadder.text, y: below))
            """
        }
    }

    /// A state at its place beside a lifeline, and a line to where the arrow of its event meets that.
    private func beside(_ lifeline: Int, _ arrow: Int, _ place: Int?, _ name: String?, x: Int, _ kind: String) -> HTML {
        guard let place, let name else { return "" }
        let end = x < lifeline ? x + 3 : x - 3
        return """
            <path class="tie" d="M\(lifeline) \(arrow)L\(end) \(place)"/>\
            <circle class="change" cx="\(lifeline)" cy="\(arrow)" r="3"/>\
            <text class="\(kind)" x="\(x)" y="\(place + 4)">\(name)</text>
            """
    }

    private func remarks(_ lines: LadderLines, x: Int, y: Int) -> HTML {
        lines.remarks.enumerated().map { index, remark -> HTML in
            let pitch = LadderLines.isProse(remark.text) ? "" : " fixed"
            return """
                <text class="does \(remark.ink.name)\(pitch)" x="\(x)" y="\(y + index * LadderLines.height)">\(remark.text)</text>
                """
        }.joined(by: "")
    }

    /// One event, which leads to its place in the list.
    private func link(_ item: LadderItem, _ content: () -> HTML) -> HTML {
        let name = "\(prefix)l\(item.index)"
        let marks = item.badges.map { badge -> String in
            switch badge {
            case .request(let kind): " rq\(kind.number)"
            case .confirmation(let kind): " cf\(kind.number)"
            }
        }.joined()
        return """

            <a class="ev \(name)\(marks) \(item.ink.name)" href="#\(prefix)e\(item.index)" \
            aria-label="\(item.sentence(since: start))">\(content())</a>
            """
    }
}

extension Ink {
    /// What a style sheet calls it.
    var name: String {
        switch self {
        case .plain: "plain"
        case .dim: "dim"
        case .bold: "bold"
        case .us: "us"
        case .peer: "peer"
        case .good: "good"
        case .bad: "bad"
        case .warning: "warning"
        }
    }
}
