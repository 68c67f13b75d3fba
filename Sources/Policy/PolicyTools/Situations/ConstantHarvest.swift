// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which constants policies compare the context with.

package import Cedar

/// What a set of policies looks at in the context, and where its answers can change.
package struct ConstantHarvest: Hashable, Sendable {
    /// The attributes of the context that are looked at, as paths such as `local.minute`.
    package private(set) var paths: Set<String> = []
    /// Numbers on both sides of each bound: minutes, moments and spans in milliseconds; by path.
    package private(set) var numbers: [String: Set<Int64>] = [:]
    /// Ranges of addresses by path.
    package private(set) var ranges: [String: Set<CedarIPAddress>] = [:]
    /// Ids of entities and texts compared with; by path.
    package private(set) var names: [String: Set<String>] = [:]

    package init() {}

    /// Adds what a policy's conditions compare with.
    package mutating func add(_ policy: CedarPolicy) {
        for condition in policy.conjuncts { add(condition.expression) }
    }

    /// Whether the attribute, or one below it, is looked at.
    package func mentions(_ path: String) -> Bool {
        paths.contains { $0 == path || $0.hasPrefix(path + ".") }
    }

    private mutating func add(_ expression: CedarExpression) {
        switch expression.kind {
        case .binary(_, let left, let right):
            compare(left, right)
            compare(right, left)
        case .call(_, let arguments):
            if let first = arguments.first, let last = arguments.last, 1 < arguments.count {
                compare(first, last)
                compare(last, first)
            }
        default: break
        }
        if let path = expression.contextPath {
            paths.insert(path)
            return
        }
        if case .hasAttribute(let one, let names) = expression.kind {
            let path = [one.contextPath].compactMap { $0 } + names.map(\.string)
            if one.contextPath != nil || one.kind == .variable(.context) {
                paths.insert(path.joined(separator: "."))
            }
        }
        for child in expression.kind.children { add(child) }
    }

    /// Notes the constants the side with the context is compared with.
    ///
    /// Arithmetic beside the context moves the bound in ways this does not follow; both sides of the plain
    /// constant are taken all the same.
    private mutating func compare(_ side: CedarExpression, _ other: CedarExpression) {
        guard case .literal(let value) = other.kind else { return }
        for path in side.contextPaths { note(value, path) }
    }

    private mutating func note(_ value: CedarValue, _ path: String) {
        switch value {
        case .long(let number): around(number, 1, path)
        case .datetime(let moment): around(moment.milliseconds, 1, path)
        // Factors are as old as whole seconds say.
        case .duration(let span): around(span.milliseconds, 1_000, path)
        case .ip(let range): ranges[path, default: []].insert(range)
        case .entity(let uid): names[path, default: []].insert(uid.id.string)
        case .string(let text): names[path, default: []].insert(text.string)
        case .set(let set): for element in set.elements { note(element, path) }
        case .bool, .record, .decimal: break
        }
    }

    private mutating func around(_ number: Int64, _ step: Int64, _ path: String) {
        for (neighbour, over) in [
            number.subtractingReportingOverflow(step), (number, false),
            number.addingReportingOverflow(step),
        ] where !over { numbers[path, default: []].insert(neighbour) }
    }
}

extension CedarExpression {
    /// `local.minute` for `context.local.minute`; nil for what is no attribute of the context.
    package var contextPath: String? {
        guard case .getAttribute(let one, let name) = kind else { return nil }
        if one.kind == .variable(.context) { return name.string }
        return one.contextPath.map { "\($0).\(name)" }
    }

    /// The attributes of the context in the expression.
    fileprivate var contextPaths: [String] {
        if let path = contextPath { return [path] }
        return kind.children.flatMap(\.contextPaths)
    }
}
