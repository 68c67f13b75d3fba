// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the question put to a set of policies.

/// Who wants to do what with which, and under which circumstances.
package struct CedarRequest: Hashable, Sendable {
    package let principal: EntityUID
    package let action: EntityUID
    package let resource: EntityUID
    package let context: CedarRecord

    package init(
        principal: EntityUID,
        action: EntityUID,
        resource: EntityUID,
        context: CedarRecord = .empty
    ) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }
}
