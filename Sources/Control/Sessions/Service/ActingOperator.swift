// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who runs the gateway, as far as that is known, and what is recorded when they may not.

internal import AuditEvents
internal import DaemonMessages
internal import Logging

/// An operator behind a request.
package struct ActingOperator: Sendable, Hashable {
    /// Account of the process that asked, by the kernel's word; `uid 4711` where NSS knows none.
    package let account: String
    /// Who is said to act through it; empty when nobody is.
    ///
    /// Only root's tool says so, and only root's word stands for it: it is recorded beside the account, as a claim.
    package let claimed: String

    package init(account: String, claimed: String = "") {
        self.account = account
        self.claimed = claimed == account ? "" : claimed
    }

    var subject: AuditSubject {
        AuditSubject(actor: account, actorKind: .operator, actorClaimed: claimed)
    }
}

/// What an operator was not allowed.
package struct OperatorDenial: Sendable, Hashable {
    /// The request's verb.
    package let verb: String
    /// Stable word such as `not-in-group`.
    package let reason: String
    /// The rules that forbade it or came nearest, with a blank between.
    package let rule: String
    package let policyVersion: String
    /// More refusals of the same account shortly before that have no record of their own.
    package let further: Int

    package init(
        verb: String,
        reason: String,
        rule: String = "",
        policyVersion: String = "",
        further: Int = 0
    ) {
        self.verb = verb
        self.reason = reason
        self.rule = rule
        self.policyVersion = policyVersion
        self.further = further
    }
}

extension SessionService {
    /// Records that an operator may not do something.
    ///
    /// The reason is kept under the reference, for those who may look it up; `session` has 32 hexadecimal digits.
    package func refuse(
        _ denial: OperatorDenial,
        by actor: ActingOperator,
        reference: String,
        session: String? = nil
    ) async {
        var subject = actor.subject
        if let found = try? await sessions().first(where: { $0.session == session }) {
            subject.session = found.session
            subject.municipality = found.municipality
        }
        let record = ReasonRecord(
            reference: reference,
            at: parts.now(),
            action: denial.verb,
            reason: denial.reason,
            rule: denial.rule,
            german: "Das ist diesem Konto nicht erlaubt.",
            english: "This account may not do that.",
            user: actor.account,
            municipality: subject.municipality ?? "",
            policyVersion: denial.policyVersion
        )
        do {
            _ = try await parts.reasons.insert(record)
        } catch {
            parts.logger.error("reason \(reference) (\(denial.reason)) not kept: \(error)")
        }
        let reason = AuditReason(
            code: denial.reason,
            reference: reference,
            rule: denial.rule,
            policyVersion: denial.policyVersion
        )
        await note(
            .operatorRefused(subject, action: denial.verb, reason: reason, further: denial.further)
        )
    }

    /// A reference for such a refusal.
    package func makeReference() -> String { ReasonReference.make(parts.random) }
}
