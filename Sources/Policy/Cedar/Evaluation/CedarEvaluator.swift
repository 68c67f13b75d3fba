// SPDX-License-Identifier: EUPL-1.2
// Torhaus: evaluates expressions.

/// One request against one store of entities.
///
/// Recurses as deep as the expression, which the parser bounds.
package struct CedarEvaluator: Sendable {
    package let request: CedarRequest
    package let entities: EntityStore

    package init(_ request: CedarRequest, _ entities: EntityStore) {
        self.request = request
        self.entities = entities
    }

    /// The value of an expression; what stands right of a decided `&&`, `||` or `if` is not looked at.
    package func value(of expression: CedarExpression) throws(CedarError) -> CedarValue {
        switch expression.kind {
        case .literal(let value):
            return value
        case .variable(let variable):
            return value(of: variable)
        case .conditional(let test, let then, else: let otherwise):
            return try value(of: try holds(test) ? then : otherwise)
        case .and(let all):
            for one in all where try !holds(one) { return .bool(false) }
            return .bool(true)
        case .or(let all):
            for one in all where try holds(one) { return .bool(true) }
            return .bool(false)
        case .not(let one):
            return .bool(try !holds(one))
        case .negate(let one):
            let (result, over) = Int64(0).subtractingReportingOverflow(try value(of: one).asLong())
            guard !over else { throw CedarError(.overflow, "-", at: expression.position) }
            return .long(result)
        case .isEmpty(let one):
            return .bool(try value(of: one).asSet().isEmpty)
        case .binary(let operation, let left, let right):
            return try apply(operation, try value(of: left), try value(of: right))
        case .getAttribute(let one, let name):
            return try attribute(name, of: try value(of: one))
        case .hasAttribute(let one, let path):
            return .bool(try has(path, try value(of: one)))
        case .like(let one, let pattern):
            return .bool(pattern.matches(try value(of: one).asString().string))
        case .isType(let one, let type, in: let group):
            let uid = try value(of: one).asEntity()
            guard uid.type == type else { return .bool(false) }
            guard let group else { return .bool(true) }
            return .bool(try isIn(uid, try value(of: group)))
        case .set(let elements):
            return .set(CedarSet(try values(of: elements)))
        case .record(let fields):
            return try record(fields)
        case .call(let function, let arguments):
            return try function.apply(try values(of: arguments))
        }
    }

    /// The value of an expression that must be a Bool.
    package func holds(_ expression: CedarExpression) throws(CedarError) -> Bool {
        try value(of: expression).asBool()
    }

    // MARK: Parts

    private func value(of variable: CedarVariable) -> CedarValue {
        switch variable {
        case .principal: .entity(request.principal)
        case .action: .entity(request.action)
        case .resource: .entity(request.resource)
        case .context: .record(request.context)
        }
    }

    private func values(of expressions: [CedarExpression]) throws(CedarError) -> [CedarValue] {
        var result: [CedarValue] = []
        result.reserveCapacity(expressions.count)
        for expression in expressions { result.append(try value(of: expression)) }
        return result
    }

    private func record(_ fields: [CedarField]) throws(CedarError) -> CedarValue {
        var entries: [CedarRecord.Entry] = []
        entries.reserveCapacity(fields.count)
        for field in fields { entries.append(CedarRecord.Entry(field.key, try value(of: field.value))) }
        guard let record = CedarRecord(entries) else {
            throw CedarError(.typeMismatch, "a record with one key twice")
        }
        return .record(record)
    }

    private func attribute(_ name: CedarText, of value: CedarValue) throws(CedarError) -> CedarValue {
        switch value {
        case .record(let record):
            guard let result = record[name] else { throw CedarError(.attributeMissing, name.string) }
            return result
        case .entity(let uid):
            guard let record = entities[uid] else { throw CedarError(.entityMissing, uid.description) }
            guard let result = record.entity.attributes[name] else {
                throw CedarError(.attributeMissing, name.string)
            }
            return result
        default:
            throw value.mismatch("record or entity")
        }
    }

    /// Whether the value has the first name, and what stands there has the next, and so on.
    private func has(_ path: [CedarText], _ value: CedarValue) throws(CedarError) -> Bool {
        var current = value
        for name in path {
            let next: CedarValue?
            switch current {
            case .record(let record): next = record[name]
            case .entity(let uid): next = entities[uid]?.entity.attributes[name]
            default: throw current.mismatch("record or entity")
            }
            guard let next else { return false }
            current = next
        }
        return true
    }
}
