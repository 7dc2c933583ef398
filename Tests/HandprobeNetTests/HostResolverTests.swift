@testable import HandprobeNet
import HandprobeTestKit
import HandprobeWire
import Testing

struct HostResolverTests {
    @Test(arguments: ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"])
    func anAddressStandsForItself(text: String) throws {
        #expect(try HostResolver.resolve(text, numericOnly: true) == [SocketAddress(IPAddress(text)!, port: 0)])
    }

    @Test func theOtherFamilyIsRefused() {
        #expect(throws: ResolveError.otherFamily(.v4(IPv4Address(0xC000_0201)), family: .v6)) {
            try HostResolver.resolve("192.0.2.1", family: .v6)
        }
        #expect(throws: ResolveError.otherFamily(.v6(.loopback), family: .v4)) {
            try HostResolver.resolve("::1", family: .v4)
        }
    }

    /// hosts(5): comments, several names a line, several lines a name, names in any case.
    @Test func hostsAreReadWithoutANameServer() throws {
        let text = """
            # 192.0.2.9 gate
            192.0.2.1\tgate.example gate # other
              2001:db8::1   GATE
            nonsense gate
            192.0.2.2
            """
        let gate = HostResolver.addresses(of: "gate", inHosts: text)
        #expect(gate.map(\.address.description) == ["192.0.2.1", "2001:db8::1"])
        #expect(HostResolver.addresses(of: "other", inHosts: text) == [])
        #expect(try HostResolver.resolveLocally("::1") == [SocketAddress(.v6(.loopback), port: 0)])
        #expect(throws: ResolveError.notInHosts("name.invalid")) { try HostResolver.resolveLocally("name.invalid") }
        #expect(throws: ResolveError.notNumeric("localhost")) {
            try HostResolver.resolveLocally("localhost", numericOnly: true)
        }
    }

    @Test func aScopeIsAnInterface() throws {
        let index = try #require(try NetworkInterface.named("lo")).index
        let address = IPAddress("fe80::1")!
        #expect(try HostResolver.resolve("fe80::1%lo") == [SocketAddress(address, port: 0, scope: index)])
        #expect(try HostResolver.resolve("fe80::1%\(index)") == [SocketAddress(address, port: 0, scope: index)])
        #expect(throws: ResolveError.unknownScope("fe80::1%nowhere0", scope: "nowhere0")) {
            try HostResolver.resolve("fe80::1%nowhere0")
        }
    }

    @Test(arguments: ["", " ", "a b", "a%lo", "a\nb", "\u{7F}"])
    func whatCannotBeANameIsNotAskedFor(text: String) {
        #expect(throws: ResolveError.unknownHost(text, reason: "it is neither a name nor an address")) {
            try HostResolver.resolve(text)
        }
    }

    @Test func namesAreNotLookedUpWhenNotWanted() {
        #expect(throws: ResolveError.notNumeric("localhost")) {
            try HostResolver.resolve("localhost", numericOnly: true)
        }
    }

    @Test func localhostIsLoopback() throws {
        let addresses = try HostResolver.resolve("localhost", family: .v4)
        #expect(addresses == [SocketAddress(.v4(.loopback), port: 0)])
    }

    @Test(Needs.namespaces) func aNameThatCannotBeAskedForIsAnError() throws {
        // Without any network nothing leaves the namespace.
        let error = try NetworkNamespace().run {
            #expect(throws: ResolveError.self) { try HostResolver.resolve("host.invalid") }
        }
        #expect(error?.description.contains("host.invalid") == true)
    }
}
