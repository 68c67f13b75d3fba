// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the types of Cedar's validator.

/// The type of an expression or of a value.
///
/// `isTrue` and `isFalse` are Bool with a known value; schemas never say them, the validator finds them.
package indirect enum CedarType: Hashable, Sendable {
    case bool
    case isTrue
    case isFalse
    case long
    case string
    case entity(CedarName)
    case set(CedarType)
    case record(CedarRecordType)
    case decimal
    case ip
    case datetime
    case duration

    /// Whether it is Bool, its value known or not.
    package var isBool: Bool {
        switch self {
        case .bool, .isTrue, .isFalse: true
        default: false
        }
    }

    /// Whether `<` and its like take two of these.
    package var isOrdered: Bool {
        switch self {
        case .long, .datetime, .duration: true
        default: false
        }
    }
}

extension CedarType: CustomStringConvertible {
    /// As schemas write it.
    package var description: String {
        switch self {
        case .bool, .isTrue, .isFalse: "Bool"
        case .long: "Long"
        case .string: "String"
        case .entity(let name): name.description
        case .set(let element): "Set<\(element)>"
        case .record(let record): record.description
        case .decimal: "decimal"
        case .ip: "ipaddr"
        case .datetime: "datetime"
        case .duration: "duration"
        }
    }
}

extension CedarType {
    /// The one type two values may have together, as the validator's strict mode has it; nil when there is none.
    ///
    /// Only Bool has more than one form: records must have the same keys, entities the same type.
    package static func common(_ left: CedarType, _ right: CedarType) -> CedarType? {
        switch (left, right) {
        case (.isTrue, .isTrue), (.isFalse, .isFalse): left
        case _ where left.isBool && right.isBool: .bool
        case (.long, .long), (.string, .string), (.decimal, .decimal), (.ip, .ip), (.datetime, .datetime),
            (.duration, .duration):
            left
        case (.entity(let one), .entity(let other)): one == other ? left : nil
        case (.set(let one), .set(let other)): common(one, other).map(CedarType.set)
        case (.record(let one), .record(let other)):
            CedarRecordType.common(one, other).map(CedarType.record)
        default: nil
        }
    }
}
