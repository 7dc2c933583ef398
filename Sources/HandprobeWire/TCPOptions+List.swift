extension TCPOptions {
    /// Reads a list as typed on a command line: `mss=1460,sackok,ts,nop,ws=7`. Order is kept; padded to a multiple of four.
    ///
    /// Items, in any case: `mss=N`, `ws=N` or `wscale=N`, `sackok` or `sack-permitted`, `ts` or `ts=VALUE[:ECHO]`, `nop`,
    /// `eol`, `md5=HEX`, `tfo` or `tfo=HEX`, `kind-N` or `kind-N=HEX`. A bare `ts` has the value `clock`.
    public init(list: String, timestamps clock: UInt32 = 0) throws(NotationError) {
        self.init()
        var column = 1
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            let item = ListItem(text: String(part), column: column)
            guard append(try item.option(clock: clock)) else {
                throw item.error("no more options than forty octets hold")
            }
            column += part.count + 1
        }
        pad()
    }

    /// One item of the list and where it begins.
    private struct ListItem {
        var text: String
        var column: Int

        func option(clock: UInt32) throws(NotationError) -> TCPOption {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].lowercased().trimmed
            let value = parts.count == 2 ? String(parts[1]).trimmed : nil
            switch name {
            case "nop": return try bare(.noOperation, value)
            case "eol": return try bare(.endOfList, value)
            case "sackok", "sack-permitted": return try bare(.sackPermitted, value)
            case "mss": return .maximumSegmentSize(try number(value, named: "a segment size"))
            case "ws", "wscale": return .windowScale(try number(value, named: "a shift"))
            case "ts": return try timestamps(value, clock: clock)
            case "md5": return .unknown(kind: 19, octets: try octets(value))
            case "tfo": return .unknown(kind: 34, octets: value == nil ? [] : try octets(value))
            default:
                guard name.hasPrefix("kind-"), let kind = UInt8(name.dropFirst(5)), kind > 1 else {
                    throw error(
                        "mss=N, ws=N, sackok, ts, ts=VALUE:ECHO, nop, eol, md5=HEX, tfo=HEX or kind-N=HEX (N from 2 to 255)"
                    )
                }
                return .unknown(kind: kind, octets: value == nil ? [] : try octets(value))
            }
        }

        private func bare(_ option: TCPOption, _ value: String?) throws(NotationError) -> TCPOption {
            guard value == nil else { throw error("this option without a value") }
            return option
        }

        private func number<Number: FixedWidthInteger & UnsignedInteger>(
            _ value: String?,
            named name: String
        ) throws(NotationError) -> Number {
            guard let value, let number = Number(value) else {
                throw error("\(name) from 0 to \(Number.max) after '='")
            }
            return number
        }

        private func timestamps(_ value: String?, clock: UInt32) throws(NotationError) -> TCPOption {
            guard let value else { return .timestamps(value: clock, echoReply: 0) }
            let numbers = value.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0) }
            guard numbers.count <= 2, let first = numbers[0], let echo = numbers.count == 2 ? numbers[1] : 0 else {
                throw error("ts=VALUE or ts=VALUE:ECHO, both from 0 to \(UInt32.max)")
            }
            return .timestamps(value: first, echoReply: echo)
        }

        private func octets(_ value: String?) throws(NotationError) -> [UInt8] {
            guard let value, let octets = try? [UInt8](hex: value) else {
                throw error("pairs of hexadecimal digits after '='")
            }
            return octets
        }

        func error(_ expected: String) -> NotationError {
            NotationError(column: column, expected: expected, found: text)
        }
    }
}

extension String {
    /// The text without the spaces around it.
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
