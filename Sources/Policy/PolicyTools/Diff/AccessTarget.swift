// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what there is to be allowed: actions with what they are about.

package import AccessPolicy
internal import Cedar

/// One thing that a person can ask for.
package struct AccessTarget: Hashable, Sendable {
    package let action: PolicyAction
    package let target: PolicyTarget

    package init(_ action: PolicyAction, _ target: PolicyTarget) {
        self.action = action
        self.target = target
    }

    /// Everything the sets know, once: one desktop for each pool, and each desktop that a rule names.
    ///
    /// `reconnect` and `keep` are asked only where a rule tells them from `connect`.
    package static func all(of sets: [AccessPolicySet]) -> [AccessTarget] {
        let actions: [PolicyAction] =
            sets.contains { $0.tellsSessionActionsApart } ? [.connect, .reconnect, .keep] : [.connect]
        var found = [AccessTarget(.signIn, .gateway)]
        for desktop in desktops(of: sets) { found += actions.map { AccessTarget($0, .desktop(desktop)) } }
        let municipalities = sets.flatMap { $0.input.municipalities.map(\.name) }
        for municipality in [nil] + Set(municipalities).sorted().map(Optional.some) {
            for action in PolicyAction.duties {
                found.append(AccessTarget(action, .municipality(municipality)))
            }
        }
        return found
    }

    private static func desktops(of sets: [AccessPolicySet]) -> [String] {
        var found: [String] = []
        var seen: Set<String> = []
        for set in sets {
            let named = Set(set.rules.flatMap { $0.policy.namedDesktops })
            for municipality in set.input.municipalities {
                for pool in municipality.pools {
                    let wanted = pool.desktops.filter(named.contains)
                    // A desktop that both sets have is asked of both.
                    let common = pool.desktops.first { desktop in sets.allSatisfy { $0.has(desktop) } }
                    for desktop in [common ?? pool.desktops.first].compactMap({ $0 }) + wanted
                    where seen.insert(desktop).inserted {
                        found.append(desktop)
                    }
                }
            }
        }
        return found
    }
}

extension AccessTarget: CustomStringConvertible {
    /// `connect rhoenblick/buero/d-1`.
    package var description: String {
        switch target {
        case .gateway: action.rawValue
        case .desktop(let id): "\(action.rawValue) \(id)"
        case .municipality(let name): "\(action.rawValue) \(name ?? "the whole county")"
        }
    }
}

extension AccessPolicySet {
    /// Whether a rule names one of the actions of sessions by itself.
    fileprivate var tellsSessionActionsApart: Bool {
        let apart = [PolicyAction.reconnect, .keep, .connect].map { Gw.uid(Gw.action, $0.rawValue) }
        return rules.contains { rule in
            if rule.policy.conjuncts.contains(where: { $0.expression.variables.contains(.action) }) {
                return true
            }
            return switch rule.policy.action {
            case .any: false
            case .equal(let uid), .isIn(let uid): apart.contains(uid)
            case .isInAny(let uids): uids.contains(where: apart.contains)
            }
        }
    }

    fileprivate func has(_ desktop: String) -> Bool { entities[Gw.uid(Gw.desktop, desktop)] != nil }
}

extension CedarPolicy {
    /// The desktops that the policy names, in scope and conditions.
    fileprivate var namedDesktops: [String] {
        namedEntities.map(\.uid).filter { $0.type == Gw.desktop }.map(\.id.string)
    }
}
