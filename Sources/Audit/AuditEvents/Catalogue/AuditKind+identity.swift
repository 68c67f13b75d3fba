// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the catalogue's family 6, second part: who learned a name, and what was erased.

extension AuditKind {
    /// Pseudonyms, Article 15, erasure, legal holds; nil for every other.
    var identityDefinition: AuditDefinition? {
        switch self {
        case .revealRequested:
            .init(
                "reveal.requested",
                "Aufdeckung beantragt",
                "Somebody asked for the name behind a pseudonym.",
                .identity,
                .accountability,
                .accountability,
                .success,
                .warning,
                .whoOperates,
                [.request, .purpose, .caseNumber, .subject, .approver, .approverRole, .period, .expires]
            )
        case .revealApproved:
            .init(
                "reveal.approved",
                "Aufdeckung von einer Seite genehmigt",
                "A holder of one of the two keys agreed.",
                .identity,
                .accountability,
                .accountability,
                .success,
                .warning,
                .whoOperates,
                [.request, .purpose, .caseNumber, .subject, .approver, .approverRole, .period]
            )
        case .revealRefused:
            .init(
                "reveal.refused",
                "Aufdeckung abgelehnt",
                "A request or an approval was not accepted.",
                .identity,
                .accountability,
                .accountability,
                .refused,
                .warning,
                .whoOperates,
                [.request, .purpose, .caseNumber, .subject, .approver, .approverRole, .period, .reason]
            )
        case .nameRevealed:
            .init(
                "reveal.done",
                "Name aufgedeckt",
                "Two holders of different roles agreed, and the name was shown.",
                .identity,
                .accountability,
                .accountability,
                .success,
                .warning,
                .whoOperates,
                [.request, .purpose, .caseNumber, .subject, .approver, .approverRole, .period, .count]
            )
        case .personInformed:
            .init(
                "person.informed",
                "Auskunft nach Art. 15 DSGVO erstellt",
                "All records about one person were put together for that person.",
                .identity,
                .accountability,
                .accountability,
                .success,
                .notice,
                .whoOperates,
                [.request, .purpose, .caseNumber, .subject, .approver, .approverRole, .count]
            )
        case .recordsPruned:
            .init(
                "audit.pruned",
                "Abgelaufene Einträge gelöscht",
                "Entries past their retention were removed; the tree over them stays.",
                .log,
                .accountability,
                .accountability,
                .success,
                .notice,
                [.actor, .actorKind, .actorClaimed, .origin, .first, .next, .retentionDays, .count]
            )
        case .periodDestroyed:
            .init(
                "period.destroyed",
                "Schlüssel eines Zeitraums vernichtet",
                "The keys of a period are gone: its pseudonyms lead to nobody any more.",
                .identity,
                .accountability,
                .accountability,
                .success,
                .notice,
                [.actorKind, .period, .count]
            )
        case .holdPlaced:
            .init(
                "hold.placed",
                "Löschsperre gesetzt",
                "A range of records or a period is kept beyond its retention.",
                .identity,
                .accountability,
                .accountability,
                .success,
                .notice,
                .whoOperates,
                [
                    .request, .purpose, .caseNumber, .approver, .approverRole, .period, .origin, .first,
                    .next, .expires,
                ]
            )
        case .holdLifted:
            .init(
                "hold.lifted",
                "Löschsperre aufgehoben",
                "A hold ended, by somebody or by its date.",
                .identity,
                .accountability,
                .accountability,
                .success,
                .notice,
                .whoOperates,
                [.request, .reason]
            )
        case .periodOpened:
            .init(
                "period.opened",
                "Zeitraum der Pseudonyme begonnen",
                "New keys: the same person has another pseudonym from here on.",
                .identity,
                .accountability,
                .operation,
                .success,
                .info,
                [.actorKind, .period]
            )
        case .periodClosed:
            .init(
                "period.closed",
                "Zeitraum der Pseudonyme abgeschlossen",
                "The key that makes pseudonyms was put under the two holders' keys.",
                .identity,
                .accountability,
                .operation,
                .success,
                .info,
                [.actorKind, .period, .count]
            )
        default: nil
        }
    }
}
