// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the scope of a policy.

/// What stands between the parentheses after `permit` or `forbid`.
struct CedarParsedScope {
    var principal = CedarScope.any
    var principalSlot: CedarTemplate.Slot?
    var action = CedarActionScope.any
    var resource = CedarScope.any
    var resourceSlot: CedarTemplate.Slot?
}

extension CedarParser {
    mutating func scope() throws(CedarError) -> CedarParsedScope {
        var result = CedarParsedScope()
        try take(.openParenthesis)
        try variable(.principal)
        (result.principal, result.principalSlot) = try entityScope("principal")
        try take(.comma)
        try variable(.action)
        result.action = try actionScope()
        try take(.comma)
        try variable(.resource)
        (result.resource, result.resourceSlot) = try entityScope("resource")
        if isNext(.comma) { try advance() }
        guard isNext(.closeParenthesis) else {
            throw CedarError(
                .syntax,
                "the scope ends after resource, found \"\(text.prefix(40))\"",
                hint: "other conditions belong into when { … }",
                at: token.position
            )
        }
        try advance()
        return result
    }

    private mutating func variable(_ wanted: CedarVariable) throws(CedarError) {
        guard token.kind == .identifier, text == wanted.rawValue else {
            throw CedarError(
                .syntax,
                "expected \(wanted.rawValue), found \"\(text.prefix(40))\"",
                hint: "a scope names principal, action and resource in this order",
                at: token.position
            )
        }
        try advance()
        if isNext(.colon) {
            throw CedarError(
                .syntax,
                "types are not written with a colon",
                hint: "write \(wanted.rawValue) is Type",
                at: token.position
            )
        }
    }

    private mutating func entityScope(
        _ variable: String
    ) throws(CedarError) -> (CedarScope, CedarTemplate.Slot?) {
        switch token.kind {
        case .sign(.equal):
            try advance()
            guard let uid = try uidOrSlot(variable) else { return (.any, .equal) }
            return (.equal(uid), nil)
        case .reserved(.in):
            try advance()
            guard let uid = try uidOrSlot(variable) else { return (.any, .isIn) }
            return (.isIn(uid), nil)
        case .reserved(.is):
            try advance()
            let type = try typeName()
            guard token.kind == .reserved(.in) else { return (.isType(type), nil) }
            try advance()
            guard let uid = try uidOrSlot(variable) else { return (.isType(type), .isTypeIn(type)) }
            return (.isTypeIn(type, uid), nil)
        case .sign(.comma), .sign(.closeParenthesis):
            return (.any, nil)
        default:
            throw CedarError(
                .syntax,
                "a scope knows only ==, in and is, found \"\(text.prefix(40))\"",
                hint: "other conditions belong into when { … }",
                at: token.position
            )
        }
    }

    private mutating func actionScope() throws(CedarError) -> CedarActionScope {
        switch token.kind {
        case .sign(.equal):
            try advance()
            return .equal(try action())
        case .reserved(.in):
            try advance()
            return try actionsOrAction()
        case .sign(.comma), .sign(.closeParenthesis):
            return .any
        default:
            throw CedarError(
                .syntax,
                "the action can only be bound by == and in, found \"\(text.prefix(40))\"",
                at: token.position
            )
        }
    }

    private mutating func actionsOrAction() throws(CedarError) -> CedarActionScope {
        if isNext(.openParenthesis) {
            try advance()
            let inner = try nested { parser throws(CedarError) in try parser.actionsOrAction() }
            try take(.closeParenthesis)
            return inner
        }
        guard isNext(.openBracket) else { return .isIn(try action()) }
        try advance()
        var actions: [EntityUID] = []
        while !isNext(.closeBracket) {
            actions.append(try action())
            guard isNext(.comma) else { break }
            try advance()
        }
        try take(.closeBracket)
        return .isInAny(actions)
    }

    private mutating func action() throws(CedarError) -> EntityUID {
        let position = token.position
        guard let uid = try uidOrSlot(nil) else { throw unexpected("an action") }
        guard uid.type.isAction else {
            throw CedarError(
                .syntax,
                "\(uid) is not an action",
                hint: "actions are written Action::\"name\"",
                at: position
            )
        }
        return uid
    }

    /// The entity ahead; nil when it is the slot of this variable.
    private mutating func uidOrSlot(_ variable: String?) throws(CedarError) -> EntityUID? {
        if isNext(.openParenthesis) {
            try advance()
            let inner = try nested { parser throws(CedarError) in try parser.uidOrSlot(variable) }
            try take(.closeParenthesis)
            return inner
        }
        if token.kind == .slot, let variable {
            guard text == "?\(variable)" else { throw unexpected("?\(variable)") }
            try advance()
            return nil
        }
        guard token.kind == .identifier else { throw unexpected("an entity such as User::\"name\"") }
        guard case .entity(let uid) = try path() else {
            throw unexpected("an entity such as User::\"name\"")
        }
        return uid
    }
}
