// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the moments at which rules can answer differently because time goes on.

internal import Cedar

/// What rules compare time with.
struct TimeBoundaries: Hashable, Sendable {
    /// Minutes of the local day.
    private(set) var minutes: Set<Int64> = []
    /// Milliseconds since 1970.
    private(set) var instants: Set<Int64> = []
    /// Milliseconds of a factor's age.
    private(set) var ages: Set<Int64> = []
    /// A rule looks at time in a way that we cannot see through; every minute counts.
    private(set) var isOpaque = false

    /// How often opaque rules are looked at.
    static let opaqueStep = BerlinTime.millisecondsPerMinute

    mutating func formUnion(_ other: TimeBoundaries) {
        minutes.formUnion(other.minutes)
        instants.formUnion(other.instants)
        ages.formUnion(other.ages)
        isOpaque = isOpaque || other.isOpaque
    }

    init() {}

    /// Looks through the conditions.
    init(_ policy: CedarPolicy) {
        for condition in policy.conditions { look(condition.body) }
    }

    /// Comparisons with literals are understood; what else reads the time is opaque.
    private mutating func look(_ expression: CedarExpression) {
        switch expression.kind {
        case .binary(let operation, let left, let right) where operation.isComparison:
            if note(left, right.time) || note(right, left.time) { return }
        case .getAttribute(let base, let name) where base.isLocalTime:
            // Day, holiday and the like change when the day does.
            if name == "minute" { isOpaque = true } else { minutes.insert(0) }
            return
        case .getAttribute(let base, let name) where base.kind == .variable(.context):
            if name == "now" || name == "mfaAge" || name == "local" { isOpaque = true }
            return
        case .hasAttribute(let base, _) where base.kind == .variable(.context):
            return
        case .variable(.context):
            // The whole context, as in a comparison of records.
            isOpaque = true
            return
        default: break
        }
        for child in expression.kind.children { look(child) }
    }

    /// Notes a comparison of a time with a literal; false when it is none.
    private mutating func note(_ side: CedarExpression, _ literal: CedarValue?) -> Bool {
        guard case .getAttribute(let base, let name) = side.kind, let literal else { return false }
        switch (name, literal) {
        case ("minute", .long(let minute)) where base.isLocalTime:
            // `==` and `<=` end with the minute, `<` begins with it.
            minutes.formUnion([minute, minute &+ 1].filter { (0..<1440).contains($0) })
            minutes.insert(0)
        case ("now", .datetime(let moment)) where base.kind == .variable(.context):
            instants.formUnion([moment.milliseconds, moment.milliseconds &+ 1])
        case ("mfaAge", .duration(let age)) where base.kind == .variable(.context):
            ages.formUnion([age.milliseconds, age.milliseconds &+ 1])
        default: return false
        }
        return true
    }

    /// The moments after `start` and not after `end`, sorted; `age` is the factor's in milliseconds at `start`.
    func moments(after start: Int64, until end: Int64, age: Int64) -> [Int64] {
        var found = Set(
            minutes.isEmpty ? [] : BerlinTime.moments(ofMinutes: minutes, after: start, until: end)
        )
        found.formUnion(instants)
        // Ages are counted in whole seconds, so the change shows at the next one.
        let second: Int64 = 1000
        for limit in ages where age < limit {
            let (rest, over) = limit.subtractingReportingOverflow(age)
            guard !over, rest <= end &- start else { continue }
            found.insert(start + (rest + second - 1) / second * second)
        }
        if isOpaque {
            var moment = (start / Self.opaqueStep + 1) * Self.opaqueStep
            while moment <= end {
                found.insert(moment)
                moment += Self.opaqueStep
            }
        }
        return found.filter { start < $0 && $0 <= end }.sorted()
    }
}

extension CedarOperator {
    fileprivate var isComparison: Bool {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
        case .isIn, .add, .subtract, .multiply, .contains, .containsAll, .containsAny, .hasTag, .getTag:
            false
        }
    }
}

extension CedarExpression {
    /// `context.local`.
    fileprivate var isLocalTime: Bool {
        guard case .getAttribute(let base, "local") = kind else { return false }
        return base.kind == .variable(.context)
    }

    /// A literal that time can be compared with.
    fileprivate var time: CedarValue? {
        guard case .literal(let value) = kind else { return nil }
        return value
    }
}
