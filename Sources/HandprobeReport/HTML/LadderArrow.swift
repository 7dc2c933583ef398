import HandprobeJudge

/// What is drawn between two lifelines for one event.
struct LadderArrow {
    private let item: LadderItem
    private let left: Int
    private let right: Int
    private let y: Int
    private let hasBadges: Bool

    /// `hasBadges` where there is room for them on the arrow.
    init(_ item: LadderItem, left: Int, right: Int, y: Int, hasBadges: Bool) {
        (self.item, self.left, self.right, self.y, self.hasBadges) = (item, left, right, y, hasBadges)
    }

    var markup: HTML {
        switch item.shape {
        case .arrow(let direction, let line):
            let (from, to) = ends(direction)
            return shaft(from, to, line) + head(at: to, direction) + end(line) + (hasBadges ? badges(direction) : "")
        case .fromBetween:
            let x = left + (right - left) * 2 / 3
            return """
                <path class="shaft icmp" d="M\(x - 7) \(y)H\(left + 8)"/>\(head(at: left + 2, .left))\
                <path class="router" d="M\(x - 7) \(y)l7-7 7 7-7 7z"/>
                """
        case .stub(.right):
            return stub(from: left + 2, to: left + (right - left) / 3)
        case .stub(.left):
            return stub(from: right - 2, to: right - (right - left) / 3)
        case .incident:
            return #"<line class="shaft incident" x1="\#(left)" y1="\#(y)" x2="\#(right)" y2="\#(y)"/>"#
        }
    }

    private func ends(_ direction: LadderItem.Direction) -> (from: Int, to: Int) {
        direction == .right ? (left, right - 2) : (right, left + 2)
    }

    private func shaft(_ from: Int, _ to: Int, _ line: LadderItem.Line) -> HTML {
        let end = to > from ? to - 7 : to + 7
        switch line {
        case .plain: return #"<path class="shaft" d="M\#(from) \#(y)H\#(end)"/>"#
        case .unconfirmed: return #"<path class="shaft unconfirmed" d="M\#(from) \#(y)H\#(end)"/>"#
        case .disregarded: return #"<path class="shaft disregarded" d="M\#(from) \#(y)H\#(end)"/>"#
        case .kernels: return #"<path class="shaft" d="M\#(from) \#(y - 2)H\#(end)M\#(from) \#(y + 2)H\#(end)"/>"#
        }
    }

    private func head(at x: Int, _ direction: LadderItem.Direction) -> HTML {
        direction == .right
            ? #"<path class="head" d="M\#(x) \#(y)l-11-5v10z"/>"# : #"<path class="head" d="M\#(x) \#(y)l11-5v10z"/>"#
    }

    /// A cross on what is not believed.
    private func end(_ line: LadderItem.Line) -> HTML {
        line == .disregarded ? cross(at: (left + right) / 2) : ""
    }

    private func stub(from: Int, to: Int) -> HTML {
        #"<path class="shaft unconfirmed" d="M\#(from) \#(y)H\#(to)"/>"# + cross(at: to)
    }

    private func cross(at x: Int) -> HTML {
        #"<path class="cross" d="M\#(x - 6) \#(y - 6)l12 12m0-12l-12 12"/>"#
    }

    /// Requests at the arrow's tail, confirmations at its head.
    private func badges(_ direction: LadderItem.Direction) -> HTML {
        let sign = direction == .right ? 1 : -1
        let (from, to) = ends(direction)
        var (requests, confirmations) = (0, 0)
        return item.badges.map { badge -> HTML in
            switch badge {
            case .request:
                requests += 1
                return badge.mark(x: from + sign * (4 + 20 * requests), y: y)
            case .confirmation:
                confirmations += 1
                return badge.mark(x: to - sign * (12 + 20 * confirmations), y: y)
            }
        }.joined(by: "")
    }
}

extension LadderItem.Badge {
    /// Its number in the ledger, in a filled circle for the request and in a hollow one for the confirmation.
    func mark(x: Int, y: Int) -> HTML {
        let (name, number) =
            switch self {
            case .request(let kind): ("request", kind.number)
            case .confirmation(let kind): ("confirmation", kind.number)
            }
        return """
            <circle class="\(name)" cx="\(x)" cy="\(y)" r="8"/><text class="\(name)" x="\(x)" y="\(y + 4)">\(number)</text>
            """
    }
}
