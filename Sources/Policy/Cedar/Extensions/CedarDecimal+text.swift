// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads and writes decimals.

extension CedarDecimal {
    private static let places = 4
    private static let scale: Int64 = 10_000

    /// Reads `-?digits.digits`, one to four digits after the point; nil when the text is no decimal.
    package init?(_ text: String) {
        var digits = CedarDigits(text)
        let isNegative = digits.take(UInt8(ascii: "-"))
        let whole = digits.run()
        guard !whole.isEmpty, digits.take(UInt8(ascii: ".")) else { return nil }
        let fraction = digits.run()
        guard digits.isAtEnd, !fraction.isEmpty, fraction.count <= Self.places else { return nil }
        let padded = fraction + Array(repeating: UInt8(ascii: "0"), count: Self.places - fraction.count)
        guard let units = CedarDigits.number(whole, isNegative: isNegative),
            let parts = CedarDigits.number(padded, isNegative: isNegative)
        else { return nil }
        let (scaled, over) = units.multipliedReportingOverflow(by: Self.scale)
        let (sum, sumOver) = scaled.addingReportingOverflow(parts)
        guard !over, !sumOver else { return nil }
        self.init(scaled: sum)
    }
}

extension CedarDecimal: CustomStringConvertible {
    /// With four digits after the point.
    package var description: String {
        let magnitude = scaled.magnitude
        let fraction = String(magnitude % UInt64(Self.scale))
        let zeros = String(repeating: "0", count: Self.places - fraction.count)
        return "\(scaled < 0 ? "-" : "")\(magnitude / UInt64(Self.scale)).\(zeros)\(fraction)"
    }
}
