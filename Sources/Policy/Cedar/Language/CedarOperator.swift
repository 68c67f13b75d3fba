// SPDX-License-Identifier: EUPL-1.2
// Torhaus: variables and operators of Cedar.

/// The four things a policy can ask about.
package enum CedarVariable: String, Hashable, Sendable, CaseIterable {
    case principal
    case action
    case resource
    case context
}

/// Operators and methods with two operands; the raw value is the name in policy JSON.
package enum CedarOperator: String, Hashable, Sendable, CaseIterable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case contains
    case containsAll
    case containsAny
    case hasTag
    case getTag
}
