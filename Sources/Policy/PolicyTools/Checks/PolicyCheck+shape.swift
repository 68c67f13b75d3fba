// SPDX-License-Identifier: EUPL-1.2
// Torhaus: rules whose form alone is suspicious.

internal import Cedar

extension PolicyCheck {
    /// Permits that ask for too little, forbids that may fail, hours in UTC.
    func shape(_ examined: ExaminedPolicy) -> [CheckFinding] {
        var findings: [CheckFinding] = []
        let policy = examined.policy
        let conditions = policy.conjuncts
        if policy.effect == .permit {
            if conditions.isEmpty {
                let message = "it permits without any condition"
                let hint = "say when: hours, network, second factor or device"
                findings.append(finding(.warning, .noCondition, examined, message, hint: hint))
            }
            if let breadth = breadth(policy, conditions) {
                findings.append(finding(.warning, .broadPermit, examined, breadth))
            }
        } else if let reason = conditions.lazy.compactMap({ $0.expression.fragility }).first {
            let message = "it can fail because of \(reason), and then refuses everybody in its scope"
            findings.append(finding(.warning, .fragileForbid, examined, message))
        }
        if let utc = conditions.lazy.compactMap({ $0.expression.utcHour }).first {
            let message = "\(utc) is the hour in UTC, one or two hours off"
            let hint = "use context.local.minute"
            findings.append(finding(.warning, .utcHour, examined, message, hint: hint))
        }
        return findings
    }

    /// Who or what a permit leaves open; nil when it names both or ties them in a condition.
    private func breadth(_ policy: CedarPolicy, _ conditions: [Conjunct]) -> String? {
        let mentioned = conditions.reduce(into: Set<CedarVariable>()) {
            $0.formUnion($1.expression.variables)
        }
        let isAnybody = policy.principal.isOpen && !mentioned.contains(.principal)
        let isAnything = policy.resource.isOpen && !mentioned.contains(.resource)
        return switch (isAnybody, isAnything) {
        case (true, true): "it permits this to everybody and for everything"
        case (true, false): "it permits this to everybody"
        case (false, true): "it permits this for everything in the county"
        case (false, false): nil
        }
    }
}

extension CedarScope {
    /// Whether it names neither an entity nor a group.
    fileprivate var isOpen: Bool { named == nil }
}

extension CedarExpression {
    /// The variables it looks at.
    var variables: Set<CedarVariable> {
        if case .variable(let variable) = kind { return [variable] }
        return kind.children.reduce(into: []) { $0.formUnion($1.variables) }
    }

    /// What can fail although the schema's check passed; nil when nothing can.
    ///
    /// Attributes of the principal, the resource and the context are there, since requests are checked.
    fileprivate var fragility: String? {
        switch kind {
        case .binary(.add, _, _), .binary(.subtract, _, _), .binary(.multiply, _, _), .negate:
            return "arithmetic in \(text)"
        case .call(.offset, _), .call(.durationSince, _):
            return "arithmetic in \(text)"
        case .binary(.getTag, let one, _) where !one.isRequestEntity:
            return "a tag of \(one.text)"
        case .getAttribute(let one, _) where one.isForeignEntity:
            return "an attribute of \(one.text), which may be missing"
        default:
            return kind.children.lazy.compactMap(\.fragility).first
        }
    }

    private var isRequestEntity: Bool {
        kind == .variable(.principal) || kind == .variable(.resource) || kind == .variable(.action)
    }

    /// Whether it is an entity that stands in an attribute and may be missing from the store.
    ///
    /// Without types an attribute of an attribute of the principal or resource can only be a record or such
    /// an entity; both is said to be fragile there, while the context's records are not.
    private var isForeignEntity: Bool {
        switch kind {
        case .literal(.entity): true
        case .getAttribute(let one, _): one.isRequestEntity
        default: false
        }
    }

    /// The part that takes the time of day of a moment.
    fileprivate var utcHour: String? {
        if case .call(.toTime, _) = kind { return text }
        return kind.children.lazy.compactMap(\.utcHour).first
    }
}
