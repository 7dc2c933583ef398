/// A position in one direction's sequence space: 32 bits that wrap (RFC 9293 §3.4).
///
/// Deliberately not `Comparable`: the space is a circle, so "before" holds only between numbers less than 2³¹ apart.
public struct SequenceNumber: Hashable, Sendable {
    /// The 32-bit number, in host order.
    public var rawValue: UInt32

    /// Creates a sequence number from its 32 bits, in host order.
    @inlinable
    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The number `octets` further on, wrapping; `octets` may be negative.
    @inlinable
    public static func + (number: Self, octets: Int) -> Self {
        Self(number.rawValue &+ UInt32(truncatingIfNeeded: octets))
    }

    /// The number `octets` back, wrapping.
    @inlinable
    public static func - (number: Self, octets: Int) -> Self {
        Self(number.rawValue &- UInt32(truncatingIfNeeded: octets))
    }

    /// Moves the number on by `octets`, wrapping.
    @inlinable
    public static func += (number: inout Self, octets: Int) {
        number = number + octets
    }

    /// How many octets `self` lies after `other`, in −2³¹ ..< 2³¹.
    @inlinable
    public func distance(from other: Self) -> Int {
        Int(Int32(bitPattern: rawValue &- other.rawValue))
    }

    /// How many octets forward from `other` to `self`, in 0 ..< 2³².
    @inlinable
    public func offset(from other: Self) -> Int {
        Int(rawValue &- other.rawValue)
    }

    /// `self < other` in the sense of RFC 9293 §3.4.
    @inlinable
    public func isBefore(_ other: Self) -> Bool {
        distance(from: other) < 0
    }

    /// `self =< other` in the sense of RFC 9293 §3.4.
    @inlinable
    public func isAtOrBefore(_ other: Self) -> Bool {
        distance(from: other) <= 0
    }
}

extension SequenceNumber: CustomStringConvertible {
    /// The unsigned decimal number.
    public var description: String { String(rawValue) }
}
