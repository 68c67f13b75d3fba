// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the type checker: tags.

extension TypeChecker {
    /// `receiver.hasTag(key)`: false when the type has no tags at all.
    mutating func hasTag(
        _ receiver: CedarExpression,
        _ key: CedarExpression,
        _ prior: Capabilities
    ) -> Typing {
        let entity = expect(.entity, receiver, prior)
        let name = expect(.string, key, prior)
        guard case .entity(let type) = entity.type else { return .unsound(nil) }
        let capability = Capabilities.Capability.tag(ExpressionKey(receiver), ExpressionKey(key))
        let result: CedarType =
            if schema.tagType(of: type) == nil {
                .isFalse
            } else if prior.contains(capability) {
                .isTrue
            } else {
                .bool
            }
        return Typing(result, Capabilities(capability)).given(entity.isSound && name.isSound)
    }

    /// `receiver.getTag(key)`: needs `hasTag` of the same expressions before it.
    mutating func getTag(
        _ expression: CedarExpression,
        _ receiver: CedarExpression,
        _ key: CedarExpression,
        _ prior: Capabilities
    ) -> Typing {
        let entity = expect(.entity, receiver, prior)
        let name = expect(.string, key, prior)
        guard case .entity(let type) = entity.type else { return .unsound(nil) }
        guard prior.contains(.tag(ExpressionKey(receiver), ExpressionKey(key))) else {
            report(
                .unguardedTag,
                "the tag of `\(type)` may be missing",
                hint: "ask for it with `hasTag` and the same words before, joined by `&&`",
                at: expression.position
            )
            return .unsound(nil)
        }
        guard let tags = schema.tagType(of: type) else {
            report(.noTags, "entities of type `\(type)` have no tags", at: expression.position)
            return .unsound(nil)
        }
        return Typing(tags).given(entity.isSound && name.isSound)
    }
}
