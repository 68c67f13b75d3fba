// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the functions of Cedar's extension types.

/// The 22 extension functions of Cedar 4.5; the raw value is the name in policies and in policy JSON.
package enum CedarFunction: String, Hashable, Sendable, CaseIterable {
    case decimal
    case lessThan
    case lessThanOrEqual
    case greaterThan
    case greaterThanOrEqual
    case ip
    case isIpv4
    case isIpv6
    case isLoopback
    case isMulticast
    case isInRange
    case datetime
    case duration
    case offset
    case durationSince
    case toDate
    case toTime
    case toMilliseconds
    case toSeconds
    case toMinutes
    case toHours
    case toDays

    /// Whether it is called as `f(x)`; the others are called as `x.f()`.
    package var isConstructor: Bool {
        switch self {
        case .decimal, .ip, .datetime, .duration: true
        default: false
        }
    }

    /// How many arguments it takes, the receiver of a method included.
    package var arity: Int {
        switch self {
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual, .isInRange, .offset,
            .durationSince:
            2
        default: 1
        }
    }
}
