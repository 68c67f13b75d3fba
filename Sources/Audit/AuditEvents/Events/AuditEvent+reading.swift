// SPDX-License-Identifier: EUPL-1.2
// Torhaus: events of family 6, who read the log and who learned a name.

/// Why somebody reads, and under which number it is filed.
package struct AuditCase: Sendable, Hashable {
    /// Stable word or short sentence.
    package var purpose: String
    /// Number in the ticket system.
    package var number: String

    package init(purpose: String, number: String) {
        self.purpose = purpose
        self.number = number
    }

    var fields: [AuditKey: AuditEvent.Value?] {
        [.purpose: .nonEmpty(purpose), .caseNumber: .nonEmpty(number)]
    }
}

/// One holder of a key, as records name him.
package struct AuditApprover: Sendable, Hashable {
    package var holder: String
    package var role: String

    package init(holder: String, role: String) {
        self.holder = holder
        self.role = role
    }

    var fields: [AuditKey: AuditEvent.Value?] {
        [.approver: .nonEmpty(holder), .approverRole: .nonEmpty(role)]
    }
}

extension AuditEvent {
    /// Somebody searched; recorded before the answer is shown.
    package static func logSearched(
        _ subject: AuditSubject,
        why: AuditCase?,
        filter: String,
        count: Int
    ) -> AuditEvent {
        AuditEvent(
            .logSearched,
            subject.values(
                (why?.fields ?? [:]) + [.filter: .nonEmpty(filter), .count: .number(Int64(count))]
            )
        )
    }

    /// The policy said no; the action is named as the policy names it.
    package static func readingRefused(
        _ subject: AuditSubject,
        action: String,
        reason: AuditReason,
        filter: String
    ) -> AuditEvent {
        AuditEvent(
            .readingRefused,
            subject.values(reason.fields + [.action: .nonEmpty(action), .filter: .nonEmpty(filter)])
        )
    }

    /// Records leave the log; recorded before the first of them does.
    package static func logExported(
        _ subject: AuditSubject,
        why: AuditCase,
        filter: String,
        format: String,
        count: Int
    ) -> AuditEvent {
        AuditEvent(
            .logExported,
            subject.values(
                why.fields + [
                    .filter: .nonEmpty(filter), .format: .nonEmpty(format), .count: .number(Int64(count)),
                ]
            )
        )
    }

    /// Sums of a month; the count is the records they were made of.
    package static func reportMade(_ subject: AuditSubject, period: String, count: Int) -> AuditEvent {
        AuditEvent(
            .reportMade,
            subject.values([.period: .nonEmpty(period), .count: .number(Int64(count))])
        )
    }

    /// What happens to a request for a name.
    package enum RevealStep: Sendable, Hashable {
        case requested(expires: UInt64)
        case approved(AuditApprover)
        /// The reason is a stable word such as `same-role`.
        case refused(AuditApprover?, reason: String)
        /// The count is how often the name was shown within its time.
        case revealed(by: [AuditApprover], count: Int)
    }

    /// A request for the name behind a pseudonym went one step on.
    package static func reveal(
        _ step: RevealStep,
        _ subject: AuditSubject,
        request: String,
        why: AuditCase,
        about pseudonym: String,
        period: String
    ) -> AuditEvent {
        let common: [AuditKey: Value?] =
            why.fields + [
                .request: .nonEmpty(request), .subject: .nonEmpty(pseudonym), .period: .nonEmpty(period),
            ]
        switch step {
        case .requested(let expires):
            return AuditEvent(
                .revealRequested,
                subject.values(common + [.expires: .text(AuditTime.text(expires))])
            )
        case .approved(let approver):
            return AuditEvent(.revealApproved, subject.values(common + approver.fields))
        case .refused(let approver, let reason):
            return AuditEvent(
                .revealRefused,
                subject.values(common + (approver?.fields ?? [:]) + [.reason: .nonEmpty(reason)])
            )
        case .revealed(let approvers, let count):
            return AuditEvent(
                .nameRevealed,
                subject.values(common + names(approvers) + [.count: .number(Int64(count))])
            )
        }
    }

    /// A person was given what the log holds about her, as GDPR Article 15 asks.
    package static func personInformed(
        _ subject: AuditSubject,
        why: AuditCase,
        about pseudonym: String,
        approvers: [AuditApprover],
        count: Int
    ) -> AuditEvent {
        AuditEvent(
            .personInformed,
            subject.values(
                why.fields + names(approvers) + [
                    .subject: .nonEmpty(pseudonym), .count: .number(Int64(count)),
                ]
            )
        )
    }

    /// Several approvers: two lists in the same order.
    private static func names(_ approvers: [AuditApprover]) -> [AuditKey: Value?] {
        [.approver: .list(approvers.map(\.holder)), .approverRole: .list(approvers.map(\.role))]
    }
}
