import HandprobeWire
import Testing

@testable import HandprobeReport

@Suite("Places of conversations are found by their sockets")
struct PlaceIndexTests {
    /// Few digests for many places: what matters is what happens where several want the same slot.
    @Test(arguments: [1, 3, 64, 1 << 32])
    func whatIsInsertedIsFoundUntilItIsRemoved(digests: Int) {
        var random = SplitMix64(seed: 0x5EED_0040)
        var index = PlaceIndex()
        var digestOf: [Int: UInt32] = [:]
        var free = Array(0..<300)
        var used: [Int] = []
        for _ in 0..<20_000 {
            if random.below(300) < free.count, let place = free.popLast() {
                used.append(place)
                let digest = UInt32(truncatingIfNeeded: random.below(digests))
                digestOf[place] = digest
                index.insert(place, digest)
            } else if !used.isEmpty {
                let place = used.remove(at: random.below(used.count))
                free.append(place)
                index.remove(place, digestOf.removeValue(forKey: place)!)
            }
            for place in [random.below(300), random.below(300)] {
                let digest = digestOf[place] ?? UInt32(truncatingIfNeeded: random.below(digests))
                let found = index.place(digest) { $0 == place }
                if found != (digestOf[place] == nil ? nil : place) {
                    Issue.record("place \(place) is \(found == nil ? "not " : "")found")
                }
            }
        }
        for (place, digest) in digestOf { #expect(index.place(digest) { $0 == place } == place) }
    }

    @Test func bothDirectionsHaveOneDigest() {
        var random = SplitMix64(seed: 0x5EED_0041)
        var digests: Set<UInt32> = []
        for round in 0..<10_000 {
            let address = { (number: Int) -> IPAddress in
                round % 2 == 0 ? .v4(IPv4Address(UInt32(number))) : .v6(IPv6Address(UInt128(number) << 64 | 1))
            }
            let flow = FourTuple(
                local: SocketAddress(address(random.below(1 << 16)), port: UInt16(random.below(1 << 16))),
                remote: SocketAddress(address(round), port: 443))
            #expect(flow.digest == flow.reversed.digest)
            digests.insert(flow.digest)
        }
        // Of so many, any two by chance in one of a hundred runs.
        #expect(digests.count > 9_990)
    }
}
