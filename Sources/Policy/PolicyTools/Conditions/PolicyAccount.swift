// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what one policy said to one request, and why.

package import Cedar

/// One policy's answer to one request, with its reason.
package struct PolicyAccount: Hashable, Sendable {
    /// A part of a scope.
    package enum ScopePart: String, Hashable, Sendable, CaseIterable {
        case principal
        case action
        case resource
    }

    package enum Outcome: Hashable, Sendable {
        case satisfied
        /// These parts of the scope do not match.
        case outOfScope([ScopePart])
        /// The first condition that does not hold, and how many of the others do not hold either.
        case unsatisfied(ConditionAccount, others: Int)
        /// The condition that could not be evaluated.
        case failed(ConditionAccount)
    }

    package let policy: CedarPolicy
    package let outcome: Outcome

    /// Works out what the policy says; conditions are taken in their order.
    package init(_ policy: CedarPolicy, _ request: CedarRequest, _ entities: EntityStore) {
        self.policy = policy
        outcome = Self.outcome(of: policy, request, entities)
    }

    private static func outcome(
        of policy: CedarPolicy,
        _ request: CedarRequest,
        _ entities: EntityStore
    ) -> Outcome {
        var missing: [ScopePart] = []
        if !policy.principal.admits(request.principal, entities) { missing.append(.principal) }
        if !policy.action.admits(request.action, entities) { missing.append(.action) }
        if !policy.resource.admits(request.resource, entities) { missing.append(.resource) }
        guard missing.isEmpty else { return .outOfScope(missing) }
        let evaluator = CedarEvaluator(request, entities)
        let conditions = policy.conjuncts
        for (place, condition) in conditions.enumerated() {
            do throws(CedarError) {
                let holds = try evaluator.holds(condition.expression)
                guard holds != condition.wanted else { continue }
            } catch {
                return .failed(ConditionAccount(condition, evaluator, error: error))
            }
            let others = conditions.dropFirst(place + 1).count { other in
                (try? evaluator.holds(other.expression)) != other.wanted
            }
            return .unsatisfied(ConditionAccount(condition, evaluator), others: others)
        }
        return .satisfied
    }

    /// How far the policy was from being satisfied: 0 when it is, 1 for one condition, and so on.
    ///
    /// A scope that does not match weighs more than any number of conditions.
    package var distance: Int {
        switch outcome {
        case .satisfied: 0
        case .failed: 1
        case .unsatisfied(_, let others): 1 + others
        case .outOfScope(let parts): Self.scopeWeight * parts.count
        }
    }

    // More than a policy that somebody can read has conditions.
    private static let scopeWeight = 1_000
}

extension CedarScope {
    /// Whether an entity lies in this scope; the same answer as the authoriser's.
    package func admits(_ uid: EntityUID, _ entities: EntityStore) -> Bool {
        switch self {
        case .any: true
        case .equal(let other): uid == other
        case .isIn(let group): entities.isDescendant(uid, of: group)
        case .isType(let type): uid.type == type
        case .isTypeIn(let type, let group): uid.type == type && entities.isDescendant(uid, of: group)
        }
    }

    /// The entity or group this scope names; nil when it names none.
    package var named: EntityUID? {
        switch self {
        case .any, .isType: nil
        case .equal(let uid), .isIn(let uid), .isTypeIn(_, let uid): uid
        }
    }
}

extension CedarActionScope {
    /// Whether an action lies in this scope; the same answer as the authoriser's.
    package func admits(_ uid: EntityUID, _ entities: EntityStore) -> Bool {
        switch self {
        case .any: true
        case .equal(let other): uid == other
        case .isIn(let group): entities.isDescendant(uid, of: group)
        case .isInAny(let groups): groups.contains { entities.isDescendant(uid, of: $0) }
        }
    }
}
