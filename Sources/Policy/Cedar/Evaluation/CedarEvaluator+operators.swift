// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the operators do.

extension CedarEvaluator {
    func apply(
        _ operation: CedarOperator,
        _ left: CedarValue,
        _ right: CedarValue
    ) throws(CedarError) -> CedarValue {
        switch operation {
        case .equal: return .bool(left == right)
        case .notEqual: return .bool(left != right)
        case .less: return .bool(try isLess(left, right))
        case .lessOrEqual: return .bool(try !isLess(right, left))
        case .greater: return .bool(try isLess(right, left))
        case .greaterOrEqual: return .bool(try !isLess(left, right))
        case .isIn: return .bool(try isIn(try left.asEntity(), right))
        case .add, .subtract, .multiply: return try arithmetic(operation, left.asLong(), right.asLong())
        case .contains: return .bool(try left.asSet().contains(right))
        case .containsAll:
            let set = try left.asSet()
            return .bool(try right.asSet().elements.allSatisfy(set.contains))
        case .containsAny:
            let set = try left.asSet()
            return .bool(try right.asSet().elements.contains(where: set.contains))
        case .hasTag:
            let uid = try left.asEntity()
            let name = try right.asString()
            return .bool(entities[uid]?.entity.tags[name] != nil)
        case .getTag:
            let uid = try left.asEntity()
            let name = try right.asString()
            guard let record = entities[uid] else { throw CedarError(.entityMissing, uid.description) }
            guard let tag = record.entity.tags[name] else { throw CedarError(.tagMissing, name.string) }
            return tag
        }
    }

    /// Only numbers, moments and spans have an order.
    private func isLess(_ left: CedarValue, _ right: CedarValue) throws(CedarError) -> Bool {
        switch (left, right) {
        case (.long(let left), .long(let right)): return left < right
        case (.datetime(let left), .datetime(let right)): return left < right
        case (.duration(let left), .duration(let right)): return left < right
        case (.long, _), (.datetime, _), (.duration, _): throw right.mismatch(left.typeName)
        default: throw left.mismatch("Long, datetime or duration")
        }
    }

    /// Whether the entity is the other, is below it, or is or is below one of a set.
    func isIn(_ uid: EntityUID, _ group: CedarValue) throws(CedarError) -> Bool {
        switch group {
        case .entity(let other):
            return entities.isDescendant(uid, of: other)
        case .set(let set):
            // All elements must be entities, those behind a match too.
            var found = false
            for element in set.elements {
                let other = try element.asEntity()
                found = found || entities.isDescendant(uid, of: other)
            }
            return found
        default:
            throw group.mismatch("entity or Set of entities")
        }
    }

    private func arithmetic(
        _ operation: CedarOperator,
        _ left: Int64,
        _ right: Int64
    ) throws(CedarError) -> CedarValue {
        let (result, over) =
            switch operation {
            case .add: left.addingReportingOverflow(right)
            case .subtract: left.subtractingReportingOverflow(right)
            default: left.multipliedReportingOverflow(by: right)
            }
        guard !over else { throw CedarError(.overflow, operation.rawValue) }
        return .long(result)
    }
}
