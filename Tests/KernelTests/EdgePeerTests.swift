import HandprobeTestKit
import HandprobeWire
import Testing

/// The program against peers that no kernel plays.
@Suite(.blocks, Needs.namespaces)
struct EdgePeerTests {
    @Test(arguments: EdgeCase.answers, bothFamilies)
    func answersToOurSyn(row: EdgeCase, family: IPAddress.Family) throws {
        try row.play(family)
    }

    @Test(arguments: EdgeCase.synAcks, bothFamilies)
    func whatTheSynAckSays(row: EdgeCase, family: IPAddress.Family) throws {
        try row.play(family)
    }

    @Test(arguments: EdgeCase.endings, bothFamilies)
    func endings(row: EdgeCase, family: IPAddress.Family) throws {
        try row.play(family)
    }

    @Test(arguments: EdgeCase.icmp + EdgeCase.prohibited, bothFamilies)
    func errorsOfRouters(row: EdgeCase, family: IPAddress.Family) throws {
        try row.play(family)
    }

    @Test(arguments: EdgeCase.traits, bothFamilies)
    func segmentsOfSomebodyElse(row: EdgeCase, family: IPAddress.Family) throws {
        try row.play(family)
    }

    @Test(arguments: EdgeCase.traitsOfIPv4)
    func packetsOfSomebodyElse(row: EdgeCase) throws {
        try row.play(.v4)
    }

    @Test(Needs.patience, arguments: EdgeCase.longEndings)
    func patience(row: EdgeCase) throws {
        try row.play(.v4, limit: .seconds(180))
    }
}
