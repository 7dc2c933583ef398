import HandprobeWire
import Testing

@Suite("Blocks of addresses (RFC 4632 §3.1)")
struct AddressBlockTests {
    @Test(arguments: [
        ("10.77.0.0/16", "10.77.255.255", true), ("10.77.0.0/16", "10.78.0.0", false),
        ("10.77.3.9/16", "10.77.0.1", true), ("0.0.0.0/0", "255.255.255.255", true),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.6", false),
        ("192.0.2.6/31", "192.0.2.7", true), ("192.0.2.6/31", "192.0.2.8", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
        ("::/0", "ff02::1", true), ("::1", "::1", true), ("fe80::/10", "febf::1", true),
        ("fe80::/10", "fec0::1", false),
        ("0.0.0.0/0", "::1", false), ("::/0", "127.0.0.1", false),
    ])
    func contains(block: String, address: String, isInside: Bool) throws {
        let block = try #require(AddressBlock(block))
        #expect(block.contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(arguments: [
        ("10.77.3.9/16", "10.77.0.0/16"), ("192.0.2.7", "192.0.2.7/32"), ("2001:db8::1/64", "2001:db8::/64"),
        ("::1", "::1/128"),
    ])
    func isWrittenFromItsFirstAddress(text: String, canonical: String) {
        #expect(AddressBlock(text)?.description == canonical)
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0/8", "::/129",
        "fe80::1%lo/64", "example.net/8", "10.0.0.0/+8", "10.0.0.0/8 ",
    ])
    func anythingElseIsNone(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}
