// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how large policy JSON will be.

extension CedarPolicySet {
    /// About how many nodes the policy JSON has; `Int.max` when it is more than can be counted.
    package var jsonNodes: Int {
        let conditions = (policies + templates.map(\.policy)).flatMap(\.conditions)
        return conditions.reduce(0) { $0.addingSaturated($1.body.jsonNodes) }
    }
}

extension CedarExpression {
    /// How many nodes the policy JSON of this expression has, at most `Int.max`.
    package var jsonNodes: Int {
        let below = kind.children.reduce(1) { $0.addingSaturated($1.jsonNodes) }
        guard case .hasAttribute(_, let path) = kind else { return below }
        // Each name asks again for everything left of it.
        let (repeated, over) = below.multipliedReportingOverflow(by: path.count)
        return over ? .max : repeated.addingSaturated(path.count * path.count)
    }
}

extension Int {
    fileprivate func addingSaturated(_ other: Int) -> Int {
        let (sum, over) = addingReportingOverflow(other)
        return over ? .max : sum
    }
}
