import HandprobeWire

/// A hash table of places alone: what stands at a place tells whether it is the one that is looked for.
///
/// A dictionary would keep each key a second time, and every frame of a busy file would find it gone from the processor's
/// caches. Eight octets a place stay there.
struct PlaceIndex: Sendable {
    /// The digest in the upper half, the place and 1 in the lower; 0 where there is none. A power of two, half of them
    /// free; a place stands where its digest says, or in the next free slot behind that.
    private var slots = [UInt64](repeating: 0, count: 64)
    private var count = 0

    private var mask: Int { slots.count &- 1 }

    /// The place that was inserted with `digest` and is the one looked for; nil when there is none.
    func place(_ digest: UInt32, where isIt: (Int) -> Bool) -> Int? {
        var slot = Int(digest) & mask
        while slots[slot] != 0 {
            if UInt32(slots[slot] >> 32) == digest {
                let place = Self.place(in: slots[slot])
                if isIt(place) { return place }
            }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    /// Inserts a place that is not there, below 2³² - 1.
    mutating func insert(_ place: Int, _ digest: UInt32) {
        count += 1
        if count > slots.count / 2 {
            let former = slots.filter { $0 != 0 }
            slots = [UInt64](repeating: 0, count: slots.count * 2)
            for entry in former { put(entry) }
        }
        put(UInt64(digest) << 32 | UInt64(UInt32(place) + 1))
    }

    /// Removes a place that is there.
    mutating func remove(_ place: Int, _ digest: UInt32) {
        var slot = Int(digest) & mask
        while slots[slot] != 0, Self.place(in: slots[slot]) != place { slot = (slot &+ 1) & mask }
        guard slots[slot] != 0 else { return }
        count -= 1
        // What stands behind it and would not be found over the gap moves into it, and leaves one in its turn.
        var gap = slot
        while true {
            slots[gap] = 0
            var next = gap
            repeat {
                next = (next &+ 1) & mask
                guard slots[next] != 0 else { return }
            } while (next &- home(of: slots[next])) & mask < (next &- gap) & mask
            slots[gap] = slots[next]
            gap = next
        }
    }

    private mutating func put(_ entry: UInt64) {
        var slot = home(of: entry)
        while slots[slot] != 0 { slot = (slot &+ 1) & mask }
        slots[slot] = entry
    }

    private func home(of entry: UInt64) -> Int { Int(entry >> 32) & mask }

    private static func place(in entry: UInt64) -> Int { Int(UInt32(truncatingIfNeeded: entry)) &- 1 }
}

extension FourTuple {
    // Numbers that a file cannot know, so that none can be made of flows that all have the same digest.
    private static let secrets = (
        UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)
    )

    /// A hash of both sockets, the same in either order. `Hasher` takes its time for each of their words, and every frame
    /// has a flow.
    var digest: UInt32 {
        let secrets = Self.secrets
        let sum = Self.digest(local, secrets.0, secrets.1) &+ Self.digest(remote, secrets.0, secrets.1)
        return UInt32(truncatingIfNeeded: Self.mix(sum, secrets.2) >> 32)
    }

    private static func digest(_ socket: SocketAddress, _ first: UInt64, _ second: UInt64) -> UInt64 {
        let port = UInt64(socket.port) << 48
        switch socket.address {
        case .v4(let address): return mix(UInt64(address.rawValue) ^ port ^ first, second)
        case .v6(let address):
            let upper = UInt64(truncatingIfNeeded: address.rawValue >> 64)
            let lower = UInt64(truncatingIfNeeded: address.rawValue)
            return mix(mix(upper ^ first, second) ^ lower, port ^ first)
        }
    }

    /// Both halves of the product.
    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
