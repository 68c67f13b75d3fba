// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which circumstances the rules can tell from each other.

internal import AccessPolicy
internal import Cedar

/// One thing about circumstances that varies by itself.
enum SituationAxis: Hashable, CaseIterable {
    case moment
    case address
    case factor
    case age
    case client
    case machine

    /// Which one an attribute of the context belongs to; nil for what the context does not have.
    init?(attribute: String) {
        switch attribute {
        case "local", "now": self = .moment
        case "ip", "zone": self = .address
        case "mfa": self = .factor
        case "mfaAge": self = .age
        case "client": self = .client
        case "trust", "device": self = .machine
        default: return nil
        }
    }
}

/// The comparisons that rules are made of, by the one thing each looks at.
///
/// Two values under which all comparisons come to the same are one to the rules; so few are left to combine.
struct SituationLeaves {
    private var leaves: [SituationAxis: Set<CedarExpression>] = [:]
    /// Looked at together with something else, so that none of their values stands for another.
    private var entangled: Set<SituationAxis> = []

    mutating func add(_ policy: CedarPolicy) {
        for condition in policy.conjuncts { add(condition.expression) }
    }

    private mutating func add(_ expression: CedarExpression) {
        switch expression.kind {
        case .and, .or, .not, .conditional:
            for child in expression.kind.children { add(child) }
        default:
            let axes = expression.axes
            let others = expression.variables.subtracting([.context])
            if let axis = axes.first, axes.count == 1, others.isEmpty {
                leaves[axis, default: []].insert(expression)
            } else {
                entangled.formUnion(axes)
            }
        }
    }

    /// Of values that all comparisons take for the same the first.
    func distinct<Value>(
        _ values: [Value],
        _ axis: SituationAxis,
        _ sets: [AccessPolicySet],
        _ base: PolicyCircumstances,
        _ apply: (inout PolicyCircumstances, Value) -> Void
    ) -> [Value] {
        if entangled.contains(axis) { return values }
        guard let leaves = leaves[axis].map(Array.init) else { return Array(values.prefix(1)) }
        let askers = sets.map { (set: $0, nobody: $0.person("", groups: [])) }
        var seen: Set<[Bool?]> = []
        return values.filter { value in
            var circumstances = base
            apply(&circumstances, value)
            let answers = askers.flatMap { set, nobody in
                Self.answers(leaves, set, PolicyQuestion(nobody, .signIn, .gateway, circumstances))
            }
            return seen.insert(answers).inserted
        }
    }

    /// What each comparison comes to; nil where it cannot be evaluated.
    private static func answers(
        _ leaves: [CedarExpression],
        _ set: AccessPolicySet,
        _ question: PolicyQuestion
    ) -> [Bool?] {
        guard let request = set.request(question) else { return [] }
        let evaluator = CedarEvaluator(request, set.entities)
        return leaves.map { try? evaluator.holds($0) }
    }
}

extension CedarExpression {
    /// What of the circumstances it looks at; everything when it looks at the context as a whole.
    fileprivate var axes: Set<SituationAxis> {
        switch kind {
        case .variable(.context): return Set(SituationAxis.allCases)
        case .getAttribute(let one, let name) where one.kind == .variable(.context):
            return SituationAxis(attribute: name.string).map { [$0] } ?? []
        case .hasAttribute(let one, let names) where one.kind == .variable(.context):
            return names.first.flatMap { SituationAxis(attribute: $0.string) }.map { [$0] } ?? []
        default:
            return kind.children.reduce(into: []) { $0.formUnion($1.axes) }
        }
    }
}
