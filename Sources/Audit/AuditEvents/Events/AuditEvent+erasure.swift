// SPDX-License-Identifier: EUPL-1.2
// Torhaus: events of family 6, periods of pseudonyms, erasure and legal holds.

/// What a legal hold keeps.
package struct AuditHold: Sendable, Hashable {
    /// Number of the hold.
    package var id: String
    /// Records `first ..< next` of the log `origin`; nil when the hold is about a period alone.
    package var range: Range<UInt64>?
    /// Empty when the hold is about a period alone.
    package var origin: String
    /// Period of pseudonyms such as `p2026-11`, whose keys stay; empty when the hold is about a range alone.
    package var period: String
    /// Milliseconds since 1970.
    package var expires: UInt64

    package init(id: String, range: Range<UInt64>?, origin: String, period: String, expires: UInt64) {
        self.id = id
        self.range = range
        self.origin = origin
        self.period = period
        self.expires = expires
    }
}

extension AuditEvent {
    /// New keys were made for a period.
    package static func periodOpened(_ period: String) -> AuditEvent {
        AuditEvent(.periodOpened, AuditSubject.system.values([.period: .nonEmpty(period)]))
    }

    /// The key that makes a period's pseudonyms was put under the holders' keys; the count is its persons.
    package static func periodClosed(_ period: String, persons: Int) -> AuditEvent {
        AuditEvent(
            .periodClosed,
            AuditSubject.system.values([.period: .nonEmpty(period), .count: .number(Int64(persons))])
        )
    }

    /// A period's keys are gone; the count is the persons it had.
    package static func periodDestroyed(_ period: String, persons: Int) -> AuditEvent {
        AuditEvent(
            .periodDestroyed,
            AuditSubject.system.values([.period: .nonEmpty(period), .count: .number(Int64(persons))])
        )
    }

    /// Entries were removed; `kept` is how many of the range stay because of a hold or a longer retention, which
    /// `retention` tells.
    ///
    /// Every night the gateway itself does it; a person may as well.
    package static func recordsPruned(
        _ subject: AuditSubject,
        origin: String,
        range: Range<UInt64>,
        kept: Int,
        retention: String
    ) -> AuditEvent {
        AuditEvent(
            .recordsPruned,
            subject.values([
                .origin: .nonEmpty(origin), .first: .count(range.lowerBound), .next: .count(range.upperBound),
                .count: .number(Int64(kept)), .retentionDays: .nonEmpty(retention),
            ])
        )
    }

    /// Something is kept beyond its retention.
    package static func holdPlaced(
        _ subject: AuditSubject,
        hold: AuditHold,
        why: AuditCase,
        approver: AuditApprover
    ) -> AuditEvent {
        AuditEvent(
            .holdPlaced,
            subject.values(
                why.fields + approver.fields + [
                    .request: .nonEmpty(hold.id), .period: .nonEmpty(hold.period),
                    .origin: .nonEmpty(hold.origin),
                    .first: hold.range.map { .count($0.lowerBound) },
                    .next: hold.range.map { .count($0.upperBound) },
                    .expires: .text(AuditTime.text(hold.expires)),
                ]
            )
        )
    }

    /// A hold ended; the reason is `lifted` or `expired`.
    package static func holdLifted(_ subject: AuditSubject, id: String, reason: String) -> AuditEvent {
        AuditEvent(
            .holdLifted,
            subject.values([.request: .nonEmpty(id), .reason: .nonEmpty(reason)])
        )
    }
}
