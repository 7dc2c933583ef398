extension UInt16 {
    /// Writes the number in decimal digits at `start`; returns where they end.
    func writeDecimal(to octets: UnsafeMutableBufferPointer<UInt8>, at start: Int) -> Int {
        var end = start
        var divisor: UInt16 = self >= 10_000 ? 10_000 : self >= 1000 ? 1000 : self >= 100 ? 100 : self >= 10 ? 10 : 1
        while divisor > 0 {
            unsafe octets[end] = UInt8(ascii: "0") + UInt8(self / divisor % 10)
            end += 1
            divisor /= 10
        }
        return end
    }
}
