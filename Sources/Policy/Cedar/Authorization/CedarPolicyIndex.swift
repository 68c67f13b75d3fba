// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finds the policies that can match without going through all of them.

/// A set of policies ordered by what their scopes ask for.
///
/// A scope cannot err, so a policy whose scope does not match adds neither reason nor error, and
/// leaving it out changes nothing. Work grows with the policies a request can match and with the depth
/// of the hierarchy, not with the size of the set.
package struct CedarPolicyIndex: Sendable {
    /// Which policies ask for a principal, by place in the set.
    fileprivate struct Branch {
        /// Under the principal or the group they name.
        var byPrincipal: [EntityUID: [Int]] = [:]
        /// Under the resource or the group they name; for those that name no principal.
        var byResource: [EntityUID: [Int]] = [:]
        /// Those that name neither.
        var others: [Int] = []
    }

    private let policies: [CedarPolicy]
    private let branches: [EntityUID: Branch]
    /// Policies for any action.
    private let anyAction: Branch

    package init(_ set: CedarPolicySet) {
        policies = set.policies.map(\.folded)
        var branches: [EntityUID: Branch] = [:]
        var anyAction = Branch()
        for (place, policy) in set.policies.enumerated() {
            switch policy.action {
            case .any: anyAction.add(policy, at: place)
            case .equal(let uid), .isIn(let uid): branches[uid, default: Branch()].add(policy, at: place)
            case .isInAny(let uids):
                for uid in Set(uids) { branches[uid, default: Branch()].add(policy, at: place) }
            }
        }
        self.branches = branches
        self.anyAction = anyAction
    }

    /// Decides a request; the same answer as going through all policies.
    package func decide(_ request: CedarRequest, _ entities: EntityStore) -> CedarResponse {
        let authorizer = CedarAuthorizer(request, entities)
        var tally = CedarTally()
        for place in candidates(authorizer) {
            let policy = policies[place]
            tally.add(policy, authorizer.verdict(of: policy))
        }
        return tally.response
    }

    /// The places of all policies that may match, in the order of the set.
    private func candidates(_ authorizer: CedarAuthorizer) -> [Int] {
        var found: [Int] = []
        anyAction.find(authorizer, &found)
        branches[authorizer.action.uid]?.find(authorizer, &found)
        for uid in authorizer.action.ancestors { branches[uid]?.find(authorizer, &found) }
        // One policy may name several groups the action is in.
        found.sort()
        var distinct: [Int] = []
        distinct.reserveCapacity(found.count)
        for place in found where distinct.last != place { distinct.append(place) }
        return distinct
    }
}

extension CedarPolicyIndex.Branch {
    fileprivate func find(_ authorizer: CedarAuthorizer, _ found: inout [Int]) {
        found += others
        Self.find(authorizer.principal, in: byPrincipal, &found)
        Self.find(authorizer.resource, in: byResource, &found)
    }

    /// Asks for each group, or where there are fewer keys than groups, goes through the keys.
    private static func find(
        _ subject: CedarScopeSubject,
        in places: [EntityUID: [Int]],
        _ found: inout [Int]
    ) {
        if places.count <= subject.ancestors.count {
            for (uid, numbers) in places where subject.isIn(uid) { found += numbers }
            return
        }
        found += places[subject.uid] ?? []
        for uid in subject.ancestors where uid != subject.uid { found += places[uid] ?? [] }
    }
}

extension CedarPolicyIndex.Branch {
    fileprivate mutating func add(_ policy: CedarPolicy, at place: Int) {
        if let uid = policy.principal.named {
            byPrincipal[uid, default: []].append(place)
        } else if let uid = policy.resource.named {
            byResource[uid, default: []].append(place)
        } else {
            others.append(place)
        }
    }
}

extension CedarScope {
    /// The entity or group this scope names; nil when it names none.
    fileprivate var named: EntityUID? {
        switch self {
        case .any, .isType: nil
        case .equal(let uid), .isIn(let uid), .isTypeIn(_, let uid): uid
        }
    }
}
