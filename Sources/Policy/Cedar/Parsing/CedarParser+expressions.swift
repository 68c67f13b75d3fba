// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads expressions down to the unary operators.

extension CedarParser {
    /// `if`, or everything that binds tighter.
    mutating func expression() throws(CedarError) -> CedarExpression {
        // Not `nested`: its closures would take a third of the stack that each level needs.
        try enter()
        defer { leave() }
        guard token.kind == .reserved(.if) else { return try disjunction() }
        return try conditional()
    }

    private mutating func conditional() throws(CedarError) -> CedarExpression {
        let position = token.position
        try take(.if)
        let test = try expression()
        try take(.then)
        let then = try expression()
        try take(.else)
        let otherwise = try expression()
        return try node(.conditional(test, then: then, else: otherwise), at: position)
    }

    private mutating func disjunction() throws(CedarError) -> CedarExpression {
        let first = try conjunction()
        guard isNext(.or) else { return first }
        var all = [first]
        while isNext(.or) {
            try advance()
            all.append(try conjunction())
        }
        return try node(.or(all), at: first.position)
    }

    private mutating func conjunction() throws(CedarError) -> CedarExpression {
        let first = try relation()
        guard isNext(.and) else { return first }
        var all = [first]
        while isNext(.and) {
            try advance()
            all.append(try relation())
        }
        return try node(.and(all), at: first.position)
    }

    // MARK: Relations

    // Functions on the way down are kept small: their frames add up over the levels of nesting.

    private mutating func relation() throws(CedarError) -> CedarExpression {
        let left = try sum()
        guard isRelation else { return left }
        let result = try relation(of: left)
        guard !isRelation else { throw chained }
        return result
    }

    private var isRelation: Bool {
        switch token.kind {
        case .reserved(.has), .reserved(.like), .reserved(.is), .sign(.assign): true
        default: relationAhead != nil
        }
    }

    private mutating func relation(of left: CedarExpression) throws(CedarError) -> CedarExpression {
        if let relation = relationAhead {
            try advance()
            return try node(.binary(relation, left, try sum()), at: left.position)
        }
        switch token.kind {
        case .reserved(.has):
            try advance()
            return try node(.hasAttribute(left, try attributePath()), at: left.position)
        case .reserved(.like):
            try advance()
            return try node(.like(left, try pattern()), at: left.position)
        case .reserved(.is):
            try advance()
            return try typeTest(of: left)
        default:
            throw CedarError(.syntax, "= has no meaning", hint: "equality is ==", at: token.position)
        }
    }

    private mutating func typeTest(of left: CedarExpression) throws(CedarError) -> CedarExpression {
        let type = try typeName()
        var group: CedarExpression?
        if token.kind == .reserved(.in) {
            try advance()
            group = try sum()
        }
        return try node(.isType(left, type, in: group), at: left.position)
    }

    private var chained: CedarError {
        CedarError(
            .syntax,
            "relations do not chain",
            hint: "put one of them in parentheses",
            at: token.position
        )
    }

    private var relationAhead: CedarOperator? {
        switch token.kind {
        case .sign(.equal): .equal
        case .sign(.notEqual): .notEqual
        case .sign(.less): .less
        case .sign(.lessOrEqual): .lessOrEqual
        case .sign(.greater): .greater
        case .sign(.greaterOrEqual): .greaterOrEqual
        case .reserved(.in): .isIn
        default: nil
        }
    }

    /// Right of `has`: one string, or names joined by dots.
    private mutating func attributePath() throws(CedarError) -> [CedarText] {
        if token.kind == .string { return [CedarText(try string("an attribute"))] }
        var names = [CedarText(try name("an attribute"))]
        while isNext(.dot) {
            try advance()
            names.append(CedarText(try name("an attribute")))
            guard names.count <= CedarLimits.treeDepth else {
                throw CedarError(
                    .limit,
                    "a path of more than \(CedarLimits.treeDepth) names",
                    at: token.position
                )
            }
        }
        return names
    }

    // MARK: Arithmetics

    private mutating func sum() throws(CedarError) -> CedarExpression {
        var left = try product()
        while isNext(.plus) || isNext(.minus) {
            let operation: CedarOperator = isNext(.plus) ? .add : .subtract
            try advance()
            left = try node(.binary(operation, left, try product()), at: left.position)
        }
        return left
    }

    private mutating func product() throws(CedarError) -> CedarExpression {
        var left = try unary()
        while isNext(.star) {
            try advance()
            left = try node(.binary(.multiply, left, try unary()), at: left.position)
        }
        if isNext(.slash) || isNext(.percent) {
            throw CedarError(.syntax, "Cedar has no division", at: token.position)
        }
        return left
    }

    private mutating func unary() throws(CedarError) -> CedarExpression {
        if isNext(.not) { return try negation() }
        if isNext(.minus) { return try minus() }
        return try member()
    }

    private mutating func negation() throws(CedarError) -> CedarExpression {
        let position = token.position
        let count = try repeated(.not)
        var result = try member()
        for _ in 0..<count { result = try node(.not(result), at: position) }
        return result
    }

    private mutating func minus() throws(CedarError) -> CedarExpression {
        let position = token.position
        var count = try repeated(.minus)
        var result: CedarExpression
        if token.kind == .number {
            // The last dash is the sign of a bare number; only so can the least Long be written.
            let place = token.position
            let magnitude = try number()
            if isAccess {
                result = try member(of: try literal(magnitude, at: place))
            } else {
                count -= 1
                result = try negative(magnitude, at: place)
            }
        } else {
            result = try member()
        }
        for _ in 0..<count { result = try node(.negate(result), at: position) }
        return result
    }

    private func negative(
        _ magnitude: UInt64,
        at position: SourcePosition
    ) throws(CedarError) -> CedarExpression {
        let least: Int64? = magnitude == UInt64(Int64.max) + 1 ? Int64.min : nil
        guard let value = least ?? Int64(exactly: magnitude).map({ 0 - $0 }) else {
            throw CedarError(.syntax, "the number -\(magnitude) is too small", at: position)
        }
        return try node(.literal(.long(value)), at: position)
    }

    /// How often the sign stands here.
    private mutating func repeated(_ sign: CedarSign) throws(CedarError) -> Int {
        let most = 4  // The grammar's own bound.
        var count = 0
        while isNext(sign) {
            count += 1
            guard count <= most else {
                throw CedarError(.syntax, "more than \(most) \(sign.rawValue) in a row", at: token.position)
            }
            try advance()
        }
        return count
    }
}
