// SPDX-License-Identifier: EUPL-1.2
// Torhaus: policies are equal wherever they stand in a text.

extension CedarAnnotation: Hashable {
    package static func == (left: CedarAnnotation, right: CedarAnnotation) -> Bool {
        left.name == right.name && left.value == right.value && left.isBare == right.isBare
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(value)
    }
}

extension CedarCondition: Hashable {
    package static func == (left: CedarCondition, right: CedarCondition) -> Bool {
        left.kind == right.kind && left.body == right.body
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(body)
    }
}

extension CedarPolicy: Hashable {
    package static func == (left: CedarPolicy, right: CedarPolicy) -> Bool {
        left.id == right.id && left.effect == right.effect && left.annotations == right.annotations
            && left.principal == right.principal && left.action == right.action
            && left.resource == right.resource && left.conditions == right.conditions
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(effect)
        hasher.combine(principal)
        hasher.combine(action)
        hasher.combine(resource)
        hasher.combine(conditions)
    }
}
