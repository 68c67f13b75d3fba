// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a grant is bound to.

/// The most restrictive of what all satisfied permits and the pool ask for.
package struct PolicyObligations: Hashable, Sendable {
    /// 0: none.
    package var idleSeconds: UInt32
    /// 0: none.
    package var longestSeconds: UInt32
    /// Any permit with `@record("on")`.
    package var record: Bool
    /// Whom to tell, sorted.
    package var notify: [String]

    /// All parts.
    package init(
        idleSeconds: UInt32 = 0,
        longestSeconds: UInt32 = 0,
        record: Bool = false,
        notify: [String] = []
    ) {
        self.idleSeconds = idleSeconds
        self.longestSeconds = longestSeconds
        self.record = record
        self.notify = notify
    }

    /// Both together: the shorter limits, and everything either asks for.
    package func merged(with other: PolicyObligations) -> PolicyObligations {
        PolicyObligations(
            idleSeconds: Self.shorter(idleSeconds, other.idleSeconds),
            longestSeconds: Self.shorter(longestSeconds, other.longestSeconds),
            record: record || other.record,
            notify: other.notify.isEmpty ? notify : Set(notify + other.notify).sorted()
        )
    }

    private static func shorter(_ one: UInt32, _ other: UInt32) -> UInt32 {
        one == 0 ? other : other == 0 ? one : min(one, other)
    }
}
