// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a condition is about, so that a refusal can say why in a person's words.

package import Cedar

extension CedarExpression {
    /// The reasons this condition could give when it decides; empty when it is about nothing a person can change or wait for.
    var topics: Set<PolicyReason> {
        var topics: Set<PolicyReason> = []
        for node in nodes {
            switch node.kind {
            case .getAttribute(let base, let name) where base.kind == .variable(.context):
                if let topic = Self.topic(name) { topics.insert(topic) }
            case .hasAttribute(let base, let path) where base.kind == .variable(.context):
                if let name = path.first, let topic = Self.topic(name) { topics.insert(topic) }
            case .variable(.principal):
                topics.insert(.notMember)
            default: break
            }
        }
        return topics
    }

    private static func topic(_ name: CedarText) -> PolicyReason? {
        switch name {
        case "local", "now": .outsideHours
        case "zone", "ip": .zone
        case "mfa", "mfaAge": .factor
        case "trust", "device": .device
        case "client": .client
        default: nil
        }
    }

    /// The parts that must all hold: the operands of `&&`, or the expression itself.
    package var conjuncts: [CedarExpression] {
        guard case .and(let all) = kind else { return [self] }
        return all.flatMap(\.conjuncts)
    }
}
