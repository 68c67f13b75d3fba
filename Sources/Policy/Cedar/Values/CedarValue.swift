// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the values of Cedar.

/// A value: what expressions evaluate to and what entities and contexts hold.
///
/// Equality is Cedar's `==`: total, and values of different types are just unequal.
package enum CedarValue: Hashable, Sendable {
    case bool(Bool)
    case long(Int64)
    case string(CedarText)
    case entity(EntityUID)
    case set(CedarSet)
    case record(CedarRecord)
    case decimal(CedarDecimal)
    indirect case ip(CedarIPAddress)
    case datetime(CedarDatetime)
    case duration(CedarDuration)

    /// The name of the value's type in messages.
    package var typeName: String {
        switch self {
        case .bool: "Bool"
        case .long: "Long"
        case .string: "String"
        case .entity: "entity"
        case .set: "Set"
        case .record: "record"
        case .decimal: "decimal"
        case .ip: "ipaddr"
        case .datetime: "datetime"
        case .duration: "duration"
        }
    }
}

/// A decimal number with four digits after the point.
package struct CedarDecimal: Hashable, Comparable, Sendable {
    /// The number times 10,000.
    package let scaled: Int64

    package init(scaled: Int64) { self.scaled = scaled }

    package static func < (left: Self, right: Self) -> Bool { left.scaled < right.scaled }
}

/// A moment in UTC.
package struct CedarDatetime: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}

/// A span of time; may be negative.
package struct CedarDuration: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}

/// An address or range of IPv4 or IPv6; the address part is kept as written, not masked.
package struct CedarIPAddress: Hashable, Sendable {
    package let isV6: Bool
    /// The upper 64 bits of an IPv6 address; 0 for IPv4.
    package let high: UInt64
    /// The lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address.
    package let low: UInt64
    /// Length of the network part in bits: 0–32 or 0–128.
    package let prefix: UInt8

    package init(isV6: Bool, high: UInt64, low: UInt64, prefix: UInt8) {
        self.isV6 = isV6
        self.high = high
        self.low = low
        self.prefix = prefix
    }
}
