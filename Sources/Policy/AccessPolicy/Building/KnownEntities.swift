// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finds names in policies that nothing has. The validator checks types only, and a rule about a pool that was renamed would silently never match.

package import Cedar

/// Checks the entities that policies name against those that exist.
struct KnownEntities {
    private let entities: EntityStore
    /// People, machines and groups live outside of the configuration.
    private static let checked = [
        Gw.municipality, Gw.pool, Gw.desktop, Gw.zone, Gw.auditLog, Gw.gateway,
    ]

    init(_ entities: EntityStore) { self.entities = entities }

    /// An error for each name that nothing has, once.
    func findings(_ rule: PolicyRule) -> [PolicyFinding] {
        var seen: Set<EntityUID> = []
        return rule.policy.namedEntities.compactMap { uid, position in
            guard Self.checked.contains(uid.type), entities[uid] == nil, seen.insert(uid).inserted else {
                return nil
            }
            let place = rule.kind == .guardrail ? position : rule.name.origin.position
            return PolicyFinding(
                .error,
                rule: rule.name.name,
                origin: PolicyOrigin(file: rule.name.origin.file, position: place),
                "there is no \(uid)",
                hint: "correct the name, or take the rule away; pools are called MUNICIPALITY/POOL"
            )
        }
    }
}

extension CedarPolicy {
    /// The entities that scope and conditions name, with their places; actions left out.
    package var namedEntities: [(uid: EntityUID, position: SourcePosition)] {
        let scopes = [principal, resource].compactMap { scope -> (EntityUID, SourcePosition)? in
            switch scope {
            case .any, .isType: nil
            case .equal(let uid), .isIn(let uid), .isTypeIn(_, let uid): (uid, position)
            }
        }
        return scopes
            + conditions.flatMap { condition in
                condition.body.nodes.compactMap { node in
                    guard case .literal(.entity(let uid)) = node.kind else { return nil }
                    return (uid, node.position)
                }
            }
    }
}

extension CedarExpression {
    /// This expression and all below it, itself first.
    package var nodes: [CedarExpression] { [self] + kind.children.flatMap(\.nodes) }
}
