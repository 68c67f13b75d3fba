// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the rules in force, swapped as one value when the configuration is reloaded.

internal import Synchronization

/// Rules and the decider made from them always belong together.
package struct RulesInForce: Sendable {
    package let rules: SessionRules
    package let decider: any AccessDecider
}

/// Gives every question the newest rules.
package final class RulesHolder: Sendable {
    private let state: Mutex<RulesInForce>
    private let makeDecider: @Sendable (SessionRules) -> any AccessDecider

    package init(
        _ rules: SessionRules,
        makeDecider: @escaping @Sendable (SessionRules) -> any AccessDecider = { GroupAccessDecider($0) }
    ) {
        self.makeDecider = makeDecider
        self.state = Mutex(RulesInForce(rules: rules, decider: makeDecider(rules)))
    }

    package var current: RulesInForce { state.withLock { $0 } }

    /// Puts new rules in force; questions under way keep the ones they began with.
    package func replace(_ rules: SessionRules) {
        let next = RulesInForce(rules: rules, decider: makeDecider(rules))
        state.withLock { $0 = next }
    }
}
