// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads policies.

/// A parser by recursive descent that holds one token ahead.
///
/// Depth is counted; what is deeper than the limits is an error, never a crash.
struct CedarParser {
    private var lexer: CedarLexer
    private(set) var token: CedarToken
    private var nesting = 0

    init(_ text: String) throws(CedarError) {
        lexer = try CedarLexer(text)
        token = try lexer.next()
    }

    /// The next policy or template; nil at the end of the text.
    mutating func policy(number: Int) throws(CedarError) -> CedarTemplate? {
        guard token.kind != .end else { return nil }
        let position = token.position
        let annotations = try annotations()
        let effect = try effect()
        let scope = try scope()
        var conditions: [CedarCondition] = []
        while token.kind != .sign(.semicolon) { conditions.append(try condition()) }
        try advance()
        let policy = CedarPolicy(
            id: CedarText("policy\(number)"),
            effect: effect,
            annotations: annotations,
            principal: scope.principal,
            action: scope.action,
            resource: scope.resource,
            conditions: conditions,
            position: position
        )
        return CedarTemplate(policy: policy, principal: scope.principalSlot, resource: scope.resourceSlot)
    }

    // MARK: Parts of a policy

    private mutating func annotations() throws(CedarError) -> [CedarAnnotation] {
        var result: [CedarAnnotation] = []
        while token.kind == .sign(.at) {
            let position = token.position
            try advance()
            // Any word may be a key, reserved ones too.
            let isWord =
                switch token.kind {
                case .identifier, .reserved: true
                default: false
                }
            guard isWord else { throw unexpected("the name of an annotation") }
            let name = CedarText(text)
            try advance()
            var value = ""
            let isBare = token.kind != .sign(.openParenthesis)
            if !isBare {
                try advance()
                value = try string("the value of an annotation")
                try take(.closeParenthesis)
            }
            guard !result.contains(where: { $0.name == name }) else {
                throw CedarError(.syntax, "the annotation @\(name) stands here twice", at: position)
            }
            result.append(CedarAnnotation(name, CedarText(value), isBare: isBare, at: position))
        }
        return result
    }

    private mutating func effect() throws(CedarError) -> CedarEffect {
        guard token.kind == .identifier, let effect = CedarEffect(rawValue: text) else {
            throw unexpected("permit or forbid")
        }
        try advance()
        return effect
    }

    private mutating func condition() throws(CedarError) -> CedarCondition {
        guard token.kind == .identifier, let kind = CedarCondition.Kind(rawValue: text) else {
            throw unexpected("when, unless or ;")
        }
        let position = token.position
        try advance()
        try take(.openBrace)
        if token.kind == .sign(.closeBrace) {
            throw CedarError(
                .syntax,
                "the condition is empty",
                hint: "leave \(kind.rawValue) out",
                at: position
            )
        }
        let body = try expression()
        try take(.closeBrace)
        return CedarCondition(kind, body, at: position)
    }

    // MARK: Tokens

    /// The token ahead as written.
    var text: String { lexer.text(of: token) }

    mutating func advance() throws(CedarError) { token = try lexer.next() }

    func isNext(_ sign: CedarSign) -> Bool { token.kind == .sign(sign) }

    /// Goes past this sign; throws when another token is ahead.
    mutating func take(_ sign: CedarSign) throws(CedarError) {
        guard isNext(sign) else { throw unexpected(sign.rawValue) }
        try advance()
    }

    mutating func take(_ word: CedarReservedWord) throws(CedarError) {
        guard token.kind == .reserved(word) else { throw unexpected(word.rawValue) }
        try advance()
    }

    /// The string literal ahead, its escapes read.
    mutating func string(_ what: String) throws(CedarError) -> String {
        guard token.kind == .string else { throw unexpected("\(what) in quotation marks") }
        let result = try CedarUnescaping.string(lexer.bytes(of: token), at: token.position)
        try advance()
        return result
    }

    /// The pattern ahead, right of `like`.
    mutating func pattern() throws(CedarError) -> CedarPattern {
        guard token.kind == .string else { throw unexpected("a pattern in quotation marks") }
        let result = try CedarUnescaping.pattern(lexer.bytes(of: token), at: token.position)
        try advance()
        return result
    }

    /// The number ahead; the sign is not part of it.
    mutating func number() throws(CedarError) -> UInt64 {
        guard let value = UInt64(text) else {
            throw CedarError(.syntax, "the number \(text) is too large", at: token.position)
        }
        try advance()
        return value
    }

    /// One identifier of a path or attribute; reserved words are refused.
    mutating func name(_ what: String) throws(CedarError) -> String {
        if case .reserved(let word) = token.kind {
            throw CedarError(
                .syntax,
                "\(word.rawValue) is reserved and cannot be \(what)",
                hint: "as an attribute it can be written in quotation marks",
                at: token.position
            )
        }
        guard token.kind == .identifier else { throw unexpected(what) }
        let result = text
        guard result != "__cedar" else {
            throw CedarError(.syntax, "__cedar is reserved", at: token.position)
        }
        try advance()
        return result
    }

    // MARK: Depth and errors

    /// Runs one level deeper.
    mutating func nested<R>(
        _ body: (inout CedarParser) throws(CedarError) -> R
    ) throws(CedarError) -> R {
        try enter()
        defer { leave() }
        return try body(&self)
    }

    /// Goes one level deeper; `leave` must follow.
    mutating func enter() throws(CedarError) {
        guard nesting < CedarLimits.nesting else {
            throw CedarError(
                .limit,
                "more than \(CedarLimits.nesting) levels of nesting",
                at: token.position
            )
        }
        nesting += 1
    }

    mutating func leave() { nesting -= 1 }

    /// A node, unless its tree is too deep.
    func node(
        _ kind: CedarExpression.Kind,
        at position: SourcePosition
    ) throws(CedarError) -> CedarExpression {
        let result = CedarExpression(kind, at: position)
        guard result.depth <= CedarLimits.treeDepth else {
            throw CedarError(
                .limit,
                "an expression of more than \(CedarLimits.treeDepth) levels",
                hint: "long chains count too",
                at: position
            )
        }
        return result
    }

    func unexpected(_ wanted: String) -> CedarError {
        let found = token.kind == .end ? "the end of the text" : "\"\(text.prefix(40))\""
        return CedarError(.syntax, "expected \(wanted), found \(found)", at: token.position)
    }
}
