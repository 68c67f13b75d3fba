// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one case for every kind that is about reading, names, erasure and the log itself.

@testable import AuditEvents

extension AuditEventTests {
    private static let filed = AuditCase(purpose: "incident", number: "IT-4711")
    private static let officer = AuditApprover(holder: "d.schutz", role: "data-protection")

    private static func reveal(_ step: AuditEvent.RevealStep) -> AuditEvent {
        .reveal(step, subject, request: "A1", why: filed, about: "p:7f3a", period: "2026-11")
    }

    static let readingCases: [Case] = [
        Case(
            code: "GW6003I",
            event: .logSearched(subject, why: filed, filter: "week 47", count: 12),
            keys: who + ["purpose", "case_number", "filter", "count"]
        ),
        Case(
            code: "GW6003W",
            event: .readingRefused(subject, action: "viewAudit", reason: reason, filter: "week 47"),
            keys: who + ["action", "reason_code", "reference", "policy_rule", "filter"]
        ),
        Case(
            code: "GW6004I",
            event: .logExported(subject, why: filed, filter: "week 47", format: "ocsf", count: 12),
            keys: who + ["purpose", "case_number", "filter", "format", "count"]
        ),
        Case(
            code: "GW6013I",
            event: .reportMade(subject, period: "2026-11", count: 9),
            keys: who + ["period", "count"]
        ),
    ]

    private static let asked = ["subject", "request_id", "purpose", "case_number"]
    private static let agreed = ["approver", "approver_role"]

    static let identityCases: [Case] = [
        Case(
            code: "GW6005I",
            event: reveal(.requested(expires: 9)),
            keys: who + asked + ["period", "expires"]
        ),
        Case(code: "GW6006I", event: reveal(.approved(officer)), keys: who + asked + agreed + ["period"]),
        Case(
            code: "GW6006W",
            event: reveal(.refused(officer, reason: "same-role")),
            keys: who + ["reason_code"] + asked + agreed + ["period"]
        ),
        Case(
            code: "GW6007I",
            event: reveal(.revealed(by: [officer, officer], count: 1)),
            keys: who + asked + agreed + ["period", "count"]
        ),
        Case(
            code: "GW6008I",
            event: .personInformed(subject, why: filed, about: "p:7f3a", approvers: [officer], count: 3),
            keys: who + ["subject", "purpose", "case_number"] + agreed + ["count"]
        ),
        Case(
            code: "GW6009I",
            event: .recordsPruned(
                .system,
                origin: "log.example/2026",
                range: 0..<256,
                kept: 2,
                retention: "access 90d"
            ),
            keys: ["actor_kind", "origin", "first_index", "next_index", "retention_days", "count"]
        ),
        Case(
            code: "GW6010I",
            event: .periodDestroyed("2026-08", persons: 7),
            keys: ["actor_kind", "period", "count"]
        ),
        Case(
            code: "GW6011I",
            event: .holdPlaced(
                subject,
                hold: AuditHold(id: "H1", range: 3..<9, origin: "o", period: "p2026-11", expires: 9),
                why: filed,
                approver: officer
            ),
            keys: who + ["request_id", "purpose", "case_number"] + agreed
                + ["period", "origin", "first_index", "next_index", "expires"]
        ),
        Case(
            code: "GW6012I",
            event: .holdLifted(subject, id: "H1", reason: "lifted"),
            keys: who + ["reason_code", "request_id"]
        ),
        Case(code: "GW6014I", event: .periodOpened("2026-11"), keys: ["actor_kind", "period"]),
        Case(
            code: "GW6015I",
            event: .periodClosed("2026-11", persons: 7),
            keys: ["actor_kind", "period", "count"]
        ),
    ]

    static let logCases: [Case] = [
        Case(code: "GW7002W", event: .logRepaired(bytes: 17), keys: ["actor_kind", "count"]),
        Case(
            code: "GW7005I",
            event: .heartbeat(origin: "log.example/2026", size: 3),
            keys: ["actor_kind", "origin", "log_size"]
        ),
        Case(code: "GW7006W", event: .logRecovered(refused: 3), keys: ["actor_kind", "count"]),
        Case(
            code: "GW7007I",
            event: .logOpened(
                origin: "log.example/2026",
                size: 3,
                version: "1",
                retention: "access 90d"
            ),
            keys: ["actor_kind", "origin", "log_size", "retention_days", "software_version"]
        ),
        Case(
            code: "GW7008I",
            event: .logContinued(origin: "log.example/2027", size: 3, verifierKey: "k"),
            keys: ["actor_kind", "origin", "log_size", "verifier_key"]
        ),
        Case(
            code: "GW7009W",
            event: .witnessMissing(origin: "o", size: 3, witness: "w", detail: "d", milliseconds: 4),
            keys: ["actor_kind", "target", "detail", "origin", "log_size", "duration_ms"]
        ),
        Case(
            code: "GW7010W",
            event: .forwarderBehind(receiver: "siem", detail: "d", waiting: 4),
            keys: ["actor_kind", "target", "detail", "count"]
        ),
        Case(
            code: "GW7011W",
            event: .spaceLow(freeMebibytes: 12, detail: "d"),
            keys: ["actor_kind", "detail", "count"]
        ),
        Case(
            code: "GW7012W",
            event: .recordsDeliveredLate(count: 2, milliseconds: 9),
            keys: ["actor_kind", "duration_ms", "count"]
        ),
        Case(
            code: "GW7013W",
            event: .clockJumped(detail: "back", milliseconds: 9),
            keys: ["actor_kind", "detail", "duration_ms"]
        ),
        Case(
            code: "GW7014W",
            event: .refusalsDropped(count: 9),
            keys: ["actor_kind", "count"]
        ),
    ]
}
