// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the rules in force, swapped as one value when the configuration is reloaded.

internal import Synchronization

/// Rules and the decider made from the same files always belong together.
package struct RulesInForce: Sendable {
    package let rules: SessionRules
    package let decider: any AccessDecider
    /// Counts the replacements: sessions that were decided by older rules are decided anew.
    package let generation: UInt64
}

/// Gives every question the newest rules.
package final class RulesHolder: Sendable {
    private let state: Mutex<RulesInForce>

    /// Puts the first rules in force.
    package init(_ rules: SessionRules, decider: any AccessDecider) {
        state = Mutex(RulesInForce(rules: rules, decider: decider, generation: 0))
    }

    package var current: RulesInForce { state.withLock { $0 } }

    /// Puts new rules in force; questions under way keep the ones they began with.
    package func replace(_ rules: SessionRules, decider: any AccessDecider) {
        state.withLock { state in
            state = RulesInForce(rules: rules, decider: decider, generation: state.generation &+ 1)
        }
    }
}
