import HandprobeJudge
import HandprobeTCP
import HandprobeWire

/// The one idea that the ledger shows, told about this run: two requests and two confirmations each way.
enum IdeaText {
    /// Columns of a paragraph where the output has no width of its own.
    static let usualColumns = 80

    /// The paragraph, an empty line around it.
    static func lines(_ verdict: Verdict, style: TextStyle) -> [String] {
        let columns = min(style.columns, max(usualColumns, style.width))
        let sentences = [idea, opening(verdict), closing(verdict)].compactMap(\.self).joined(separator: " ")
        return [""] + WordWrap.lines(style.safe(sentences), columns: columns) + [""]
    }

    private static let idea =
        "The ledger is the whole of it: each end makes two requests, SYN to open its direction and FIN to close it, and "
        + "each request counts once the other end has confirmed it."

    private static func opening(_ verdict: Verdict) -> String {
        let (ours, theirs) = (verdict.ledger.ourSyn, verdict.ledger.theirSyn)
        guard ours.madeAt != nil || theirs.madeAt != nil else { return "Here nothing was asked." }
        guard ours.confirmedAt != nil, theirs.confirmedAt != nil else {
            return "Here not both SYNs were made and confirmed, so the connection never opened at both ends."
        }
        // A SYN,ACK that only repeats its SYN, as in a simultaneous open, shares nothing.
        let shared = ours.confirmedAt == theirs.madeAt || theirs.confirmedAt == ours.madeAt
        return shared
            ? "Opening needed three segments and not four, because one end confirmed the other's SYN and made its own in "
                + "one: it had nothing to wait for."
            : "Opening needed a segment for each request and each confirmation: none was shared."
    }

    private static func closing(_ verdict: Verdict) -> String? {
        let (ours, theirs) = (verdict.ledger.ourFin, verdict.ledger.theirFin)
        guard verdict.ledger.ourSyn.confirmedAt != nil, verdict.ledger.theirSyn.confirmedAt != nil else { return nil }
        guard ours.confirmedAt != nil, theirs.confirmedAt != nil else {
            guard ours.madeAt != nil || theirs.madeAt != nil else {
                return "It was not closed by requests: a RST ends both directions at once, asks nothing and is not "
                    + "confirmed."
            }
            return "Closing did not come to its end: not both FINs were made and confirmed."
        }
        if [ours, theirs].contains(where: { $0.confirmingFlags?.contains(.fin) ?? false }) {
            return "Closing needed three segments too, because the one who was asked had nothing more to say and put "
                + "its confirmation and its own FIN into one; had it had more to say, there would have been four."
        }
        return "Closing needed four, because the one who was asked confirmed first and made its own request later: "
            + "between the two it could still send, in a connection that was half-closed."
    }
}
