// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which rules can be about which target, worked out when the set is made.

internal import Cedar

/// A bit for each action that is asked.
struct ActionMask: OptionSet, Hashable, Sendable {
    let rawValue: UInt32

    init(rawValue: UInt32) { self.rawValue = rawValue }

    /// All actions with their bits: those of `PolicyAction`, then those of `PolicyRedirection`.
    static let all: [(uid: EntityUID, mask: ActionMask)] =
        (PolicyAction.allCases.map(\.rawValue) + PolicyRedirection.allCases.map(\.rawValue))
        .enumerated().map { (Gw.uid(Gw.action, $1), ActionMask(rawValue: 1 << UInt32($0))) }

    private static let actions: [PolicyAction: (uid: EntityUID, mask: ActionMask)] = Dictionary(
        uniqueKeysWithValues: zip(PolicyAction.allCases, all)
    )

    static let redirections: [(redirection: PolicyRedirection, uid: EntityUID, mask: ActionMask)] =
        zip(PolicyRedirection.allCases, all.dropFirst(PolicyAction.allCases.count)).map {
            ($0, $1.uid, $1.mask)
        }

    /// All redirections at once.
    static let anyRedirection = ActionMask(redirections.map(\.mask))

    init(_ action: PolicyAction) { self = Self.actions[action]?.mask ?? [] }

    static func uid(_ action: PolicyAction) -> EntityUID {
        actions[action]?.uid ?? Gw.uid(Gw.action, action.rawValue)
    }
}

/// A rule made ready for decisions.
///
/// A class, so that looking at one costs one count and not one for each of its parts.
final class PreparedRule: Sendable {
    let rule: PolicyRule
    /// With folded conditions.
    let policy: CedarPolicy
    let actions: ActionMask
    /// Whether the conditions look at the action; if not, one evaluation answers for all actions.
    let usesAction: Bool
    /// When its answer can change.
    let boundaries: TimeBoundaries

    init(_ rule: PolicyRule, _ entities: EntityStore) {
        self.rule = rule
        policy = rule.policy.folded
        boundaries = TimeBoundaries(policy)
        actions = ActionMask(
            ActionMask.all.filter { action in
                switch rule.policy.action {
                case .any: true
                case .equal(let uid): uid == action.uid
                case .isIn(let uid): entities.isDescendant(action.uid, of: uid)
                case .isInAny(let uids): uids.contains { entities.isDescendant(action.uid, of: $0) }
                }
            }
            .map(\.mask)
        )
        usesAction = rule.policy.conditions.contains { condition in
            condition.body.nodes.contains { $0.kind == .variable(.action) }
        }
    }
}

/// What a target is and which rules can be about it.
struct TargetPlan: Sendable {
    let uid: EntityUID
    /// Places in `TargetPlans.rules`, in the order of the set.
    let rules: [Int]
    /// The pool's own limits.
    let limits: PolicyObligations
}

/// A plan for each target there is.
///
/// Scopes cannot err, so a rule whose scope does not match adds nothing and is not looked at.
struct TargetPlans: Sendable {
    let rules: [PreparedRule]
    private var desktops: [String: TargetPlan] = [:]
    private var auditLogs: [String: TargetPlan] = [:]
    private var municipalities: [String: TargetPlan] = [:]
    private let gateway: TargetPlan

    init(_ input: PolicyInput, _ rules: [PolicyRule], _ entities: EntityStore) {
        let prepared = rules.map { PreparedRule($0, entities) }
        self.rules = prepared
        func plan(_ uid: EntityUID) -> TargetPlan {
            let places = prepared.indices.filter { prepared[$0].policy.resource.matches(uid, entities) }
            return TargetPlan(uid: uid, rules: places, limits: PolicyObligations())
        }
        gateway = plan(Gw.uid(Gw.gateway, Gw.county))
        auditLogs[Gw.county] = plan(Gw.uid(Gw.auditLog, Gw.county))
        // Rules about one desktop are few; all others are the same for a whole pool.
        let single = Set(
            prepared.compactMap { rule -> EntityUID? in
                switch rule.policy.resource {
                case .equal(let uid), .isIn(let uid), .isTypeIn(_, let uid):
                    uid.type == Gw.desktop ? uid : nil
                case .any, .isType: nil
                }
            }
        )
        for municipality in input.municipalities {
            auditLogs[municipality.name] = plan(Gw.uid(Gw.auditLog, municipality.name))
            municipalities[municipality.name] = plan(Gw.uid(Gw.municipality, municipality.name))
            for pool in municipality.pools {
                let limits = PolicyObligations(
                    idleSeconds: pool.idleSeconds,
                    longestSeconds: pool.longestSeconds
                )
                var shared: [Int]?
                for desktop in pool.desktops {
                    let uid = Gw.uid(Gw.desktop, desktop)
                    let places: [Int]
                    if !single.contains(uid), let shared {
                        places = shared
                    } else {
                        places = plan(uid).rules
                        if !single.contains(uid) { shared = places }
                    }
                    desktops[desktop] = TargetPlan(uid: uid, rules: places, limits: limits)
                }
            }
        }
    }

    /// The plan for a target; nil when there is none such, or the action is not about such.
    func plan(_ action: PolicyAction, _ target: PolicyTarget) -> TargetPlan? {
        switch (action, target) {
        case (.signIn, .gateway), (.operate, .gateway), (.operate, .municipality(nil)): gateway
        case (.connect, .desktop(let id)), (.reconnect, .desktop(let id)), (.keep, .desktop(let id)):
            desktops[id]
        case (.viewAudit, .municipality(let name)), (.exportAudit, .municipality(let name)),
            (.revealPseudonym, .municipality(let name)), (.answerReveal, .municipality(let name)),
            (.retainAudit, .municipality(let name)):
            auditLogs[name ?? Gw.county]
        case (.operate, .municipality(let name?)): municipalities[name]
        default: nil
        }
    }
}

extension PolicyAction {
    /// Whether redirections are decided along with it.
    var opensDesktop: Bool {
        switch self {
        case .connect, .reconnect, .keep: true
        case .signIn, .viewAudit, .exportAudit, .revealPseudonym, .answerReveal, .retainAudit, .operate: false
        }
    }
}

extension CedarScope {
    /// Whether an entity of the store is in this scope.
    func matches(_ uid: EntityUID, _ entities: EntityStore) -> Bool {
        switch self {
        case .any: true
        case .equal(let other): uid == other
        case .isIn(let group): entities.isDescendant(uid, of: group)
        case .isType(let type): uid.type == type
        case .isTypeIn(let type, let group): uid.type == type && entities.isDescendant(uid, of: group)
        }
    }

    /// Whether a person is in this scope.
    func matches(_ person: PolicyPerson) -> Bool {
        func isIn(_ group: EntityUID) -> Bool {
            person.entity.uid == group || person.ancestors.contains(group)
        }
        return switch self {
        case .any: true
        case .equal(let other): person.entity.uid == other
        case .isIn(let group): isIn(group)
        case .isType(let type): person.entity.uid.type == type
        case .isTypeIn(let type, let group): person.entity.uid.type == type && isIn(group)
        }
    }
}
