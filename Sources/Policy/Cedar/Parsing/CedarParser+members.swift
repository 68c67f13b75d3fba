// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads literals, names, calls and attribute access.

extension CedarParser {
    /// Whether what is ahead continues a member expression.
    var isAccess: Bool { isNext(.dot) || isNext(.openBracket) || isNext(.openParenthesis) }

    mutating func member() throws(CedarError) -> CedarExpression {
        let first = try primary()
        return isAccess ? try member(of: first) : first
    }

    /// Everything that follows a primary expression: `.name`, `.method(…)`, `["name"]`.
    mutating func member(of first: CedarExpression) throws(CedarError) -> CedarExpression {
        var result = first
        while true {
            switch token.kind {
            case .sign(.dot):
                try advance()
                let position = token.position
                let name = try name("an attribute")
                if isNext(.openParenthesis) {
                    let arguments = try arguments()
                    result = try method(name, of: result, arguments, at: position)
                } else {
                    result = try node(.getAttribute(result, CedarText(name)), at: first.position)
                }
            case .sign(.openBracket):
                try advance()
                let name = try string("an attribute")
                try take(.closeBracket)
                result = try node(.getAttribute(result, CedarText(name)), at: first.position)
            case .sign(.openParenthesis):
                throw CedarError(.syntax, "only functions and methods can be called", at: token.position)
            default:
                return result
            }
        }
    }

    // MARK: Primaries

    private mutating func primary() throws(CedarError) -> CedarExpression {
        guard isNext(.openParenthesis) else { return try atom() }
        try advance()
        let inner = try expression()
        try take(.closeParenthesis)
        return inner
    }

    private mutating func atom() throws(CedarError) -> CedarExpression {
        let position = token.position
        switch token.kind {
        case .reserved(.isTrue), .reserved(.isFalse):
            let value = token.kind == .reserved(.isTrue)
            try advance()
            guard !isNext(.path) else {
                throw CedarError(.syntax, "\(value) is reserved and cannot be a type", at: position)
            }
            return try node(.literal(.bool(value)), at: position)
        case .number:
            return try literal(try number(), at: position)
        case .string:
            return try node(.literal(.string(CedarText(try string("a string")))), at: position)
        case .identifier:
            return try named()
        case .slot:
            throw CedarError(
                .syntax,
                "\(text) can only stand in a scope",
                hint: "templates are not evaluated",
                at: position
            )
        case .sign(.openBracket):
            return try set()
        case .sign(.openBrace):
            return try record()
        default:
            throw unexpected("an expression")
        }
    }

    /// A number without sign.
    func literal(
        _ magnitude: UInt64,
        at position: SourcePosition
    ) throws(CedarError) -> CedarExpression {
        guard let value = Int64(exactly: magnitude) else {
            throw CedarError(.syntax, "the number \(magnitude) is too large", at: position)
        }
        return try node(.literal(.long(value)), at: position)
    }

    /// A variable, an entity or the call of a function.
    private mutating func named() throws(CedarError) -> CedarExpression {
        let position = token.position
        let name: CedarName
        switch try path() {
        case .entity(let uid): return try node(.literal(.entity(uid)), at: position)
        case .name(let path): name = path
        }
        if isNext(.openParenthesis) {
            guard let function = CedarFunction(rawValue: name.text.string) else {
                let method = CedarMethods.isKnown(name.text.string)
                throw CedarError(
                    .syntax,
                    "\(name) is not a function",
                    hint: method ? "it is called as a method: x.\(name)(…)" : nil,
                    at: position
                )
            }
            guard function.isConstructor else {
                throw CedarError(
                    .syntax,
                    "\(name) is not a function",
                    hint: "it is called as a method: x.\(name)(…)",
                    at: position
                )
            }
            return try node(.call(function, try arguments()), at: position)
        }
        guard let variable = CedarVariable(rawValue: name.text.string) else {
            throw CedarError(
                .syntax,
                "\(name) is no variable",
                hint: "there are principal, action, resource and context; text stands in quotation marks",
                at: position
            )
        }
        return try node(.variable(variable), at: position)
    }

    private mutating func set() throws(CedarError) -> CedarExpression {
        let position = token.position
        try take(.openBracket)
        let elements = try expressions(until: .closeBracket)
        return try node(.set(elements), at: position)
    }

    private mutating func record() throws(CedarError) -> CedarExpression {
        let position = token.position
        try take(.openBrace)
        var fields: [CedarField] = []
        var keys: Set<CedarText> = []
        while !isNext(.closeBrace) {
            let place = token.position
            let written = token.kind == .string ? try string("a key") : try name("a key")
            let key = CedarText(written)
            guard keys.insert(key).inserted else {
                throw CedarError(.syntax, "the key \(written) stands here twice", at: place)
            }
            try take(.colon)
            fields.append(CedarField(key, try expression()))
            guard isNext(.comma) else { break }
            try advance()
        }
        try take(.closeBrace)
        return try node(.record(fields), at: position)
    }

    // MARK: Calls

    private mutating func arguments() throws(CedarError) -> [CedarExpression] {
        try take(.openParenthesis)
        return try expressions(until: .closeParenthesis)
    }

    /// Expressions with commas between; one more comma may stand at the end.
    private mutating func expressions(until end: CedarSign) throws(CedarError) -> [CedarExpression] {
        var result: [CedarExpression] = []
        while !isNext(end) {
            result.append(try expression())
            guard isNext(.comma) else { break }
            try advance()
        }
        try take(end)
        return result
    }

    private func method(
        _ name: String,
        of receiver: CedarExpression,
        _ arguments: [CedarExpression],
        at position: SourcePosition
    ) throws(CedarError) -> CedarExpression {
        if name == CedarMethods.isEmpty {
            try check(arguments, 0, name, at: position)
            return try node(.isEmpty(receiver), at: receiver.position)
        }
        if let operation = CedarMethods.operators[name] {
            try check(arguments, 1, name, at: position)
            guard let argument = arguments.first else { throw unexpected("an argument") }
            return try node(.binary(operation, receiver, argument), at: receiver.position)
        }
        guard let function = CedarFunction(rawValue: name), !function.isConstructor else {
            let isFunction = CedarFunction(rawValue: name) != nil
            throw CedarError(
                .syntax,
                "\(name) is not a method",
                hint: isFunction ? "it is called as a function: \(name)(…)" : nil,
                at: position
            )
        }
        // A wrong number of arguments is an error of evaluation here, as in the official engine.
        return try node(.call(function, [receiver] + arguments), at: receiver.position)
    }

    private func check(
        _ arguments: [CedarExpression],
        _ count: Int,
        _ name: String,
        at position: SourcePosition
    ) throws(CedarError) {
        guard arguments.count == count else {
            throw CedarError(
                .syntax,
                "\(name) takes \(count == 0 ? "no argument" : "one argument"), found \(arguments.count)",
                at: position
            )
        }
    }
}

/// The methods that are operators of the language, not extension functions.
enum CedarMethods {
    static let isEmpty = "isEmpty"

    static let operators: [String: CedarOperator] = [
        "contains": .contains,
        "containsAll": .containsAll,
        "containsAny": .containsAny,
        "hasTag": .hasTag,
        "getTag": .getTag,
    ]

    static func isKnown(_ name: String) -> Bool { name == isEmpty || operators[name] != nil }
}
