// SPDX-License-Identifier: EUPL-1.2
// Torhaus: numbers inside the texts of extension values.

/// Reads a text of an extension value from the left.
struct CedarDigits {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    var isLetterAhead: Bool { rest.first.map(CedarCharacters.isNameStart) ?? false }

    /// Goes past this byte; false when another one is ahead.
    mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    /// Exactly this many digits, at most 18, as a number; nil when there are others or fewer.
    mutating func fixed(_ count: Int) -> Int64? {
        guard count <= rest.count else { return nil }
        var value: Int64 = 0
        for byte in rest.prefix(count) {
            guard CedarCharacters.isDigit(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        rest = rest.dropFirst(count)
        return value
    }

    /// All digits that are ahead; empty when there is none.
    mutating func run() -> ArraySlice<UInt8> {
        let digits = rest.prefix(while: CedarCharacters.isDigit)
        rest = rest.dropFirst(digits.count)
        return digits
    }

    /// The digits as a number of this sign; nil when it has no place in 64 bits.
    ///
    /// Negative numbers are counted downwards, so that the least one can be read.
    static func number(_ digits: ArraySlice<UInt8>, isNegative: Bool) -> Int64? {
        var value: Int64 = 0
        for byte in digits {
            let digit = Int64(byte &- UInt8(ascii: "0"))
            let (tens, tensOver) = value.multipliedReportingOverflow(by: 10)
            let (next, over) =
                isNegative
                ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
            guard !tensOver, !over else { return nil }
            value = next
        }
        return value
    }
}
