// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which bundles of a log go, which stay, and what is put aside of those that go.

package import AuditEvents

/// What goes of one log.
package struct ErasurePlan: Sendable, Hashable {
    /// A bundle that goes.
    package struct Bundle: Sendable, Hashable {
        /// Its first record.
        package let first: UInt64
        /// Records of it that stay, with their bytes.
        package let keeping: [UInt64]
    }

    /// Oldest first.
    package private(set) var erased: [Bundle] = []
    /// Between those: records of bundles that stay whole, neighbours put together.
    package private(set) var kept: [Range<UInt64>] = []
    /// Records of a bundle.
    private let width: UInt64

    /// Behind the last bundle that goes; nil when none does.
    package var end: UInt64? { erased.last.map { $0.first + width } }

    /// Records that stay of bundles that go.
    package var keeping: Int { erased.reduce(0) { $0 + $1.keeping.count } }

    /// After so many bundles in a row with nothing that is over, the rest is younger still.
    static let freshBundles = 64

    /// Looks at the whole bundles below `settled`, oldest first.
    ///
    /// `records` gives what is left of a bundle, in order; nothing for one that is gone. `now` is milliseconds since
    /// 1970, `width` the records of a bundle.
    package init(
        below settled: UInt64,
        width: UInt64,
        rules: RetentionRules,
        holds: [Range<UInt64>],
        now: UInt64,
        records: (_ first: UInt64) throws -> [AuditRecord]
    ) rethrows {
        precondition(0 < width, "bundles without records")
        self.width = width
        var waiting: [Range<UInt64>] = []
        var fresh = 0
        var first: UInt64 = 0
        while width <= settled, first <= settled - width, fresh < Self.freshBundles {
            let found = try records(first)
            let isFresh = !found.isEmpty && !found.contains { rules.isOver($0, now: now) }
            fresh = isFresh ? fresh + 1 : 0
            switch rules.judge(found, holds: holds, now: now) {
            case .erase(let keeping):
                erased.append(Bundle(first: first, keeping: keeping))
                kept += waiting
                waiting = []
            case .keep:
                if let last = waiting.last, last.upperBound == first {
                    waiting[waiting.count - 1] = last.lowerBound..<(first + width)
                } else {
                    waiting.append(first..<(first + width))
                }
            }
            first += width
        }
    }
}
