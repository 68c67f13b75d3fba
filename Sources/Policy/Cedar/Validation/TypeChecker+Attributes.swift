// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the type checker: attributes, `has` and `is`.

extension TypeChecker {
    mutating func attribute(
        _ expression: CedarExpression,
        _ receiver: CedarExpression,
        _ key: CedarText,
        _ prior: Capabilities
    ) -> Typing {
        let typing = expect(.entityOrRecord, receiver, prior)
        guard let type = typing.type else { return .unsound(nil) }
        guard let attribute = attribute(key, of: type) else {
            reportUnknown(key, of: type, receiver, at: expression.position)
            return .unsound(nil)
        }
        if attribute.isRequired || prior.contains(.attribute(ExpressionKey(receiver), key)) {
            return Typing(attribute.type).given(typing.isSound)
        }
        report(
            .unguardedAttribute,
            "\(describe(key, of: type, receiver)) may be missing",
            hint: "ask for it with `has` before, joined by `&&`",
            at: expression.position
        )
        return .unsound(attribute.type)
    }

    /// `receiver has a.b.c`, which means `receiver has a && receiver.a has b && …`.
    mutating func has(_ receiver: CedarExpression, _ path: [CedarText], _ prior: Capabilities) -> Typing {
        let typing = expect(.entityOrRecord, receiver, prior) { type in
            switch type {
            case .set: "`contains` asks whether something is in a set"
            case .string: "`like` asks for a part of a text"
            default: nil
            }
        }
        guard let receiverType = typing.type else { return .unsound(.bool) }
        var type = receiverType
        var key = ExpressionKey(receiver)
        var result = CedarType.isTrue
        var capabilities = Capabilities.none
        for (index, name) in path.enumerated() {
            guard Expectation.entityOrRecord.accepts(type) else {
                report(
                    .unexpectedType,
                    "expected an entity or a record before `\(name)`, found \(type)",
                    at: receiver.position
                )
                return .unsound(.bool)
            }
            guard let attribute = attribute(name, of: type) else {
                // It cannot be there, so the whole is false.
                return Typing(.isFalse).given(typing.isSound)
            }
            let capability = Capabilities.Capability.attribute(key, name)
            if !isCertain(attribute, of: type), !prior.contains(capability) { result = .bool }
            capabilities.formUnion(Capabilities(capability))
            type = attribute.type
            if index + 1 < path.count { key = ExpressionKey(key, name) }
        }
        return Typing(result, capabilities).given(typing.isSound)
    }

    /// Entities may be missing altogether, then even a required attribute is.
    private func isCertain(_ attribute: CedarRecordType.Attribute, of type: CedarType) -> Bool {
        if case .record = type { return attribute.isRequired }
        return false
    }

    /// `operand is name` and `operand is name in group`.
    mutating func isType(
        _ operand: CedarExpression,
        _ name: CedarName,
        _ group: CedarExpression?,
        _ prior: Capabilities
    ) -> Typing {
        let typing = expect(.entity, operand, prior)
        guard case .entity(let type) = typing.type else {
            if let group { _ = membership(operand, group, prior) }
            return .unsound(.bool)
        }
        guard type == name else { return Typing(.isFalse).given(typing.isSound) }
        guard let group else { return Typing(.isTrue).given(typing.isSound) }
        let inGroup = membership(operand, group, prior)
        return Typing(inGroup.type ?? .bool).given(typing.isSound && inGroup.isSound)
    }

    /// What an entity or record of this type has under the key; actions have no attributes.
    private func attribute(_ key: CedarText, of type: CedarType) -> CedarRecordType.Attribute? {
        switch type {
        case .record(let record): record[key]
        case .entity(let name): schema.entityTypes[name]?.attributes[key]
        default: nil
        }
    }

    private mutating func reportUnknown(
        _ key: CedarText,
        of type: CedarType,
        _ receiver: CedarExpression,
        at position: SourcePosition
    ) {
        let names: [CedarText] =
            switch type {
            case .record(let record): record.attributes.map(\.key)
            case .entity(let name): schema.entityTypes[name]?.attributes.attributes.map(\.key) ?? []
            default: []
            }
        report(
            .unknownAttribute,
            "\(describe(key, of: type, receiver)) does not exist",
            hint: Suggestion.closest(to: key.string, among: names.map(\.string)).map {
                "did you mean `\($0)`?"
            },
            at: position
        )
    }

    private func describe(_ key: CedarText, of type: CedarType, _ receiver: CedarExpression) -> String {
        let name = "the attribute \(CedarEscaping.quoted(key.string))"
        if case .entity(let type) = type { return "\(name) of `\(type)`" }
        var root = receiver
        while case .getAttribute(let inner, _) = root.kind { root = inner }
        if case .variable(.context) = root.kind {
            return "\(name) in the context of \(environment.action.uid)"
        }
        return "\(name) of the record"
    }
}
