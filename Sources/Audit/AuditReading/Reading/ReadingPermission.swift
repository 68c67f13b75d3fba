// SPDX-License-Identifier: EUPL-1.2
// Torhaus: turns the policy's answers into what a reader may see.

package import AuditEvents

/// What the policy is asked about; the names are those of its actions.
package enum ReadingAction: String, Sendable, Hashable, CaseIterable {
    case viewAudit
    case exportAudit
    case revealPseudonym
}

/// The policy's answers for one person.
///
/// Without a municipality the question is about the county: its whole log, records of no municipality included.
package struct ReadingPermission: Sendable {
    private let decide: @Sendable (ReadingAction, _ municipality: String?) -> Bool

    package init(_ decide: @escaping @Sendable (ReadingAction, String?) -> Bool) {
        self.decide = decide
    }

    /// For a person whom the system lets act as the log's own user, and who could read the files anyway.
    package static let everything = ReadingPermission { _, _ in true }

    /// What may be read; nil when nothing may.
    package func scope(_ action: ReadingAction, municipalities: [String]) -> ReadingScope? {
        if decide(action, nil) { return .county }
        let allowed = Set(municipalities.filter { decide(action, $0) })
        return allowed.isEmpty ? nil : .municipalities(allowed)
    }
}

extension AuditReader {
    /// Records that somebody was not allowed to read; `filter` says what was asked for.
    package func refuse(
        _ action: ReadingAction,
        filter: String,
        by subject: AuditSubject
    ) async throws(ReadingError) {
        let reason = AuditReason(code: action.rawValue)
        try await note(.readingRefused(subject, reason: reason, filter: filter))
    }
}
