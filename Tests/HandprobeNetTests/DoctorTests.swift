import HandprobeNet
import HandprobeTestKit
import HandprobeWire
import Testing

@Suite(Needs.namespaces)
struct DoctorTests {
    @Test func aMachineThatCanProbeIsSaidTo() throws {
        let checks = try NetworkNamespace().run { Doctor.examine(host: "127.0.0.1") }
        #expect(checks.filter { $0.status == .failed } == [])
        let names = [
            "privilege", "guard md5", "guard min-hop-limit", "guard check", "capture", "clocks", "route to 127.0.0.1",
        ]
        for name in names { #expect(checks.first { $0.name == name }?.status == .ok, "\(name)") }
    }

    @Test func aHostWithoutARouteIsSaidToBe() throws {
        let check = try NetworkNamespace().run { Doctor.route(to: "198.51.100.1") }
        #expect(check.status == .failed)
        #expect(check.detail.hasPrefix("no route to 198.51.100.1"))
    }

    @Test func aRuleThatDropsResetsIsNoticed() throws {
        let namespace = try NetworkNamespace()
        try namespace.nft(
            """
            table ip t {
                chain c {
                    type filter hook output priority 0
                    tcp flags rst drop
                }
            }
            table ip6 t {
                chain c {
                    type filter hook output priority 0
                    tcp flags rst drop
                }
            }
            """
        )
        let checks = try namespace.run { Doctor.guards() }
        let check = try #require(checks.first { $0.name == "guard check" })
        #expect(check.status == .warning)
        #expect(check.detail == "IPv4 and IPv6: no RST even without a guard")
    }
}
