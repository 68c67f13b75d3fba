// SPDX-License-Identifier: EUPL-1.2
// Torhaus: decides requests.

/// What one policy says to one request.
package enum CedarVerdict: Hashable, Sendable {
    /// Its scope does not match.
    case outOfScope
    /// Its scope matches, but a condition does not hold.
    case unsatisfied
    case satisfied
    case failed(CedarError)
}

/// Cedar's authorisation, policy by policy.
///
/// Pure Cedar: a policy that cannot be evaluated is skipped and reported, a forbid too.
/// Who must not be lenient there looks at the faults of the response.
package struct CedarAuthorizer: Sendable {
    let evaluator: CedarEvaluator
    let principal: CedarScopeSubject
    let action: CedarScopeSubject
    let resource: CedarScopeSubject

    package init(_ request: CedarRequest, _ entities: EntityStore) {
        evaluator = CedarEvaluator(request, entities)
        principal = CedarScopeSubject(request.principal, entities)
        action = CedarScopeSubject(request.action, entities)
        resource = CedarScopeSubject(request.resource, entities)
    }

    /// Evaluates one policy: the scope, then the conditions in order until one does not hold.
    package func verdict(of policy: CedarPolicy) -> CedarVerdict {
        guard policy.action.matches(action), policy.principal.matches(principal),
            policy.resource.matches(resource)
        else { return .outOfScope }
        return verdict(ofConditions: policy)
    }

    /// Evaluates the conditions alone.
    func verdict(ofConditions policy: CedarPolicy) -> CedarVerdict {
        do throws(CedarError) {
            for condition in policy.conditions {
                let holds = try evaluator.holds(condition.body)
                guard holds == (condition.kind == .when) else { return .unsatisfied }
            }
            return .satisfied
        } catch {
            return .failed(error)
        }
    }

    /// Decides by these policies, all of which are looked at.
    package func decide(_ policies: some Sequence<CedarPolicy>) -> CedarResponse {
        var tally = CedarTally()
        for policy in policies { tally.add(policy, verdict(of: policy)) }
        return tally.response
    }
}

extension CedarPolicySet {
    /// Decides a request by going through all policies.
    package func decide(_ request: CedarRequest, _ entities: EntityStore) -> CedarResponse {
        CedarAuthorizer(request, entities).decide(policies)
    }
}

/// Collects verdicts: forbid wins over permit, and nothing is allowed that no permit allows.
struct CedarTally {
    private var permits: [CedarText] = []
    private var forbids: [CedarText] = []
    private var faults: [CedarPolicyFault] = []

    mutating func add(_ policy: CedarPolicy, _ verdict: CedarVerdict) {
        switch verdict {
        case .outOfScope, .unsatisfied: break
        case .satisfied where policy.effect == .permit: permits.append(policy.id)
        case .satisfied: forbids.append(policy.id)
        case .failed(let error):
            faults.append(CedarPolicyFault(policy: policy.id, effect: policy.effect, error: error))
        }
    }

    var response: CedarResponse {
        guard forbids.isEmpty else {
            return CedarResponse(decision: .deny, reasons: forbids, faults: faults)
        }
        return CedarResponse(
            decision: permits.isEmpty ? .deny : .allow,
            reasons: permits,
            faults: faults
        )
    }
}
