// SPDX-License-Identifier: EUPL-1.2
// Torhaus: turns the policy's answers into what a reader may see.

package import AuditEvents

/// What the policy is asked about; the names are those of its actions.
package enum ReadingAction: String, Sendable, Hashable, CaseIterable {
    case viewAudit
    case exportAudit
    case revealPseudonym
    case answerReveal
    case retainAudit
}

/// The policy's answers for one person.
///
/// Without a municipality the question is about the county: its whole log, records of no municipality included.
package struct ReadingPermission: Sendable {
    private let decide: @Sendable (ReadingAction, _ municipality: String?) -> Bool

    package init(_ decide: @escaping @Sendable (ReadingAction, String?) -> Bool) {
        self.decide = decide
    }

    /// For those whom nothing holds back.
    package static let everything = ReadingPermission { _, _ in true }

    /// What may be read; nil when nothing may.
    package func scope(_ action: ReadingAction, municipalities: [String]) -> ReadingScope? {
        let allowed = Set(municipalities.filter { decide(action, $0) })
        // A guardrail may keep one municipality's records from those who read the county's.
        if allowed.count == Set(municipalities).count, decide(action, nil) { return .county }
        return allowed.isEmpty ? nil : .municipalities(allowed)
    }
}

extension AuditReader {
    /// Whether a pseudonym stands in a record that may be read; shows nothing of it, so nothing is recorded.
    package func knows(_ pseudonym: String, in scope: ReadingScope) async throws(ReadingError) -> Bool {
        var query = AuditQuery()
        query.person = pseudonym
        query.limit = 1
        return try await !find(query, scope).isEmpty
    }

    /// Records that somebody was not allowed to; `filter` says what was asked for.
    package func refuse(
        _ action: ReadingAction,
        filter: String,
        reason: AuditReason,
        by subject: AuditSubject
    ) async throws(ReadingError) {
        try await note(
            .readingRefused(subject, action: action.rawValue, reason: reason, filter: filter)
        )
    }
}
