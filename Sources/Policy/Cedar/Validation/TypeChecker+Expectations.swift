// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the type checker: operands that must have a certain type.

extension TypeChecker {
    /// What an operator takes.
    enum Expectation {
        case bool
        case long
        case string
        case entity
        case entityOrRecord
        case entityOrEntities
        case set
        case exactly(CedarType)

        func accepts(_ type: CedarType) -> Bool {
            switch (self, type) {
            case (.bool, _): type.isBool
            case (.long, .long), (.string, .string), (.set, .set): true
            case (.entity, .entity), (.entityOrRecord, .entity), (.entityOrRecord, .record): true
            case (.entityOrEntities, .entity), (.entityOrEntities, .set(.entity)): true
            case (.exactly(let wanted), _): wanted == type
            default: false
            }
        }

        var description: String {
            switch self {
            case .bool: "Bool"
            case .long: "Long"
            case .string: "String"
            case .entity: "an entity"
            case .entityOrRecord: "an entity or a record"
            case .entityOrEntities: "an entity or a set of entities"
            case .set: "a set"
            case .exactly(let type): "\(type)"
            }
        }
    }

    /// Checks the operand and reports a type the operator does not take; the typing has no type then.
    mutating func expect(
        _ expectation: Expectation,
        _ operand: CedarExpression,
        _ prior: Capabilities,
        hint: (CedarType) -> String? = { _ in nil }
    ) -> Typing {
        let typing = check(operand, prior)
        guard let type = typing.type else { return .unsound(nil) }
        if expectation.accepts(type) { return typing.isSound ? typing : .unsound(type) }
        report(
            .unexpectedType,
            "expected \(expectation.description), found \(type)",
            hint: hint(type),
            at: operand.position
        )
        return .unsound(nil)
    }

    /// Reports two types that have nothing in common; `what` says where they meet.
    mutating func requireCommon(
        _ left: CedarType?,
        _ right: CedarType?,
        _ what: String,
        at position: SourcePosition
    ) -> Bool {
        guard let left, let right, CedarType.common(left, right) == nil else { return true }
        report(.incompatibleTypes, "\(what) \(left) and \(right), which are never the same", at: position)
        return false
    }
}
