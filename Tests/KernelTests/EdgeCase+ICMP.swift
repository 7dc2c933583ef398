import HandprobeTestKit
import HandprobeWire
import Testing

/// ICMP errors: believed if they quote what we sent (RFC 5927), hard ones after a moment, soft ones only without an answer.
extension EdgeCase {
    private static func errors(
        _ name: String,
        _ error: ICMPAnswer,
        isHard: Bool,
        _ code: String
    ) -> [EdgeCase] {
        [true, false].map { isRouters in
            EdgeCase(
                "\(name) from \(isRouters ? "a router" : "the peer")",
                { .icmp(error, from: isRouters ? $0.router : nil) },
                exit: 1,
                "[\(code), post-syn]",
                isHard ? [code] : [code, "retransmitted-by-us"],
                sent: isHard ? "S" : "S S R",
                also: { scene, run in
                    let router = scene.peer.router(scene.target.address.family)
                    let who = isRouters ? "router \(router) reports " : "the peer itself reports "
                    #expect(run.report.conclusion.hasPrefix(who), "\(run.text)")
                }
            )
        }
    }

    static let icmp: [EdgeCase] =
        errors("port unreachable", .portUnreachable, isHard: true, "filtered-by-icmp")
        + errors("host unreachable", .hostUnreachable, isHard: false, "filtered-by-icmp")
        + errors("hop limit exceeded", .timeExceeded, isHard: false, "hop-limit-exceeded")
        + [
            EdgeCase(
                "quotes another", { .icmp(.portUnreachable.notOurs, from: $0.router) },
                exit: 2, "[no-answer, post-syn]", ["icmp-not-ours", "no-answer", "retransmitted-by-us"], sent: "S S R"),
            EdgeCase(
                "quotes another, then SYN-ACK",
                { .ordinary.delayed(by: .milliseconds(300)).precededBy(.portUnreachable.notOurs, from: $0.router) },
                exit: 0, "orderly: opened", ["icmp-not-ours"], sent: "S . . F. ."),
            EdgeCase(
                "soft error, then SYN-ACK",
                { .ordinary.delayed(by: .milliseconds(300)).precededBy(.hostUnreachable, from: $0.router) },
                exit: 0, "orderly: opened", ["icmp-soft-error"], sent: "S . . F. ."),
            EdgeCase(
                "hard error, then SYN-ACK",
                { .ordinary.delayed(by: .milliseconds(5)).precededBy(.portUnreachable, from: $0.router) },
                exit: 0, "orderly: opened", ["icmp-soft-error"], sent: "S . . F. ."),
        ]

    /// Prohibited by an administrator is hard for IPv4 (RFC 1122 §4.2.3.9) and for IPv6 soft or hard by code.
    static let prohibited: [EdgeCase] = errors("prohibited", .prohibited, isHard: true, "filtered-by-icmp")

    private init(
        _ name: String,
        _ behavior: @escaping @Sendable (EdgePlace) -> EdgeBehavior,
        exit: Int32,
        _ conclusion: String,
        _ codes: Set<String>,
        sent: String,
        also: @escaping @Sendable (EdgeScene, EdgeRun) throws -> Void = { _, _ in }
    ) {
        self.init(
            name, .silent, "open", "--timeout", "1500ms", exit: exit, conclusion, codes, sent: sent, also: also)
        self.behavior = behavior
    }
}
