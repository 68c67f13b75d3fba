// SPDX-License-Identifier: EUPL-1.2
// Torhaus: why a condition did not hold, with the values it saw.

package import Cedar

/// A condition that did not hold, and what it was about.
package struct ConditionAccount: Hashable, Sendable {
    /// Something the condition looked at, and what was there.
    package struct Reading: Hashable, Sendable {
        /// As Cedar, such as `context.local.minute`.
        package let path: String
        /// Nil when there was nothing.
        package let value: CedarValue?

        /// The value as Cedar, or `absent`.
        package var text: String { value?.text ?? "absent" }
    }

    package let condition: Conjunct
    /// Each thing once, in the order of the condition.
    package let readings: [Reading]
    /// Set when the condition could not be evaluated.
    package let error: CedarError?

    package init(_ condition: Conjunct, _ evaluator: CedarEvaluator, error: CedarError? = nil) {
        self.condition = condition
        self.error = error
        var collector = PathCollector(evaluator: evaluator)
        collector.collect(condition.expression)
        readings = collector.readings
    }
}

/// Finds what an expression looks at: variables with the attributes behind them.
private struct PathCollector {
    let evaluator: CedarEvaluator
    private(set) var readings: [ConditionAccount.Reading] = []
    private var seen: Set<String> = []

    init(evaluator: CedarEvaluator) { self.evaluator = evaluator }

    mutating func collect(_ expression: CedarExpression) {
        switch expression.kind {
        case .variable where !expression.isContext, .getAttribute where expression.isPath:
            read(expression)
        case .hasAttribute(let one, let path) where one.isPath:
            // What is asked for is shown, not what it would be a part of.
            let whole = path.reduce(one) { CedarExpression(.getAttribute($0, $1), at: expression.position) }
            read(whole)
        default:
            for child in expression.kind.children { collect(child) }
        }
    }

    private mutating func read(_ path: CedarExpression) {
        guard seen.insert(path.text).inserted else { return }
        let value = try? evaluator.value(of: path)
        readings.append(ConditionAccount.Reading(path: path.text, value: value))
    }
}

extension CedarExpression {
    /// Whether it is a variable or an attribute of one, at any distance.
    package var isPath: Bool {
        switch kind {
        case .variable: true
        case .getAttribute(let one, _): one.isPath
        default: false
        }
    }

    /// Whether it is the whole context, which is too much to show.
    fileprivate var isContext: Bool { kind == .variable(.context) }
}
