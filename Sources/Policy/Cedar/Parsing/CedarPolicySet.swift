// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the policies of one text.

/// Policies in the order they were written.
package struct CedarPolicySet: Hashable, Sendable {
    /// The policies, their ids distinct.
    package let policies: [CedarPolicy]
    /// Templates are read, so that a text of another product can be checked and shown; they decide nothing.
    package let templates: [CedarTemplate]

    package init(_ policies: [CedarPolicy], templates: [CedarTemplate] = []) {
        self.policies = policies
        self.templates = templates
    }

    /// Reads a text of policies; they are called `policy0`, `policy1`, … by position, templates counted.
    package init(parsing text: String) throws(CedarError) {
        var parser = try CedarParser(text)
        var policies: [CedarPolicy] = []
        var templates: [CedarTemplate] = []
        while let template = try parser.policy(number: policies.count + templates.count) {
            if template.principal == nil, template.resource == nil {
                policies.append(template.policy)
            } else {
                templates.append(template)
            }
        }
        self.init(policies, templates: templates)
    }
}

/// A policy whose principal or resource is left open.
package struct CedarTemplate: Hashable, Sendable {
    /// How an open place is used in a scope.
    package enum Slot: Hashable, Sendable {
        case equal
        case isIn
        case isTypeIn(CedarName)
    }

    /// The rest; its scope is `any`, or only the type, where a slot stands.
    package let policy: CedarPolicy
    package let principal: Slot?
    package let resource: Slot?
}
