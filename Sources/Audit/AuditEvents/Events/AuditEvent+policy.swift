// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what went wrong with the rules themselves.

extension AuditEvent {
    /// A rule could not be evaluated; what it might have allowed was refused.
    ///
    /// Recorded once for each rule, message and set of rules, not for each question.
    package static func policyFault(rule: String, policyVersion: String, message: String) -> AuditEvent {
        AuditEvent(
            .policyFault,
            AuditSubject.system.values([
                .rule: .nonEmpty(rule), .policyVersion: .nonEmpty(policyVersion),
                .detail: .nonEmpty(message),
            ])
        )
    }
}
