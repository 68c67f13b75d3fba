// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one thing that is different between two sets of rules.

package import AccessPolicy

/// What some people gain, lose or get on other terms, with an example.
package struct AccessChange: Hashable, Sendable {
    /// The raw value is part of the output.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case gains
        case loses
        /// Allowed by both, with more passing between the machines.
        case morePasses = "more-passes"
        case lessPasses = "less-passes"
        /// Allowed by both, under other limits, records or notices.
        case terms
    }

    package let kind: Kind
    package let person: PersonClass
    package let target: AccessTarget
    /// Circumstances under which it shows; the most ordinary ones found.
    package let example: PolicyCircumstances
    package let before: PolicyDecision
    package let after: PolicyDecision
    /// Under how many of the asked circumstances it shows, and how many were asked.
    package var cells = 0
    package let asked: Int

    /// What of redirections came or went.
    package var redirections: Set<PolicyRedirection> {
        before.redirections.symmetricDifference(after.redirections)
    }
}

extension AccessChange.Kind {
    /// How two answers to one question differ; nil when they come to the same.
    package static func all(_ before: PolicyDecision, _ after: PolicyDecision) -> [AccessChange.Kind] {
        switch (before.isAllowed, after.isAllowed) {
        case (false, false): return []
        case (false, true): return [.gains]
        case (true, false): return [.loses]
        case (true, true):
            var kinds: [AccessChange.Kind] = []
            if !after.redirections.isSubset(of: before.redirections) { kinds.append(.morePasses) }
            if !before.redirections.isSubset(of: after.redirections) { kinds.append(.lessPasses) }
            if before.obligations != after.obligations { kinds.append(.terms) }
            return kinds
        }
    }
}
