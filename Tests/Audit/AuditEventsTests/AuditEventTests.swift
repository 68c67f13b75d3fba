// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every event of the catalogue renders as one valid JSON line with its keys in the register's order.

import Foundation
import Testing

@testable import AuditEvents

@Suite struct AuditEventTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let code: String
        let event: AuditEvent
        let keys: [String]
        var testDescription: String { code }
    }

    static let subject = AuditSubject(
        correlation: "00112233445566778899aabbccddeeff",
        session: "ffeeddccbbaa99887766554433221100",
        municipality: "rhoenblick",
        actor: "e.mustermann",
        actorKind: .person,
        source: "192.0.2.7",
        sourcePort: 50_123
    )
    static let who = [
        "correlation_id", "session_id", "municipality", "actor", "actor_kind", "src_ip", "src_port",
    ]
    static let connection = AuditConnection(
        transport: "browser",
        serverName: "gate.example",
        tlsVersion: "TLSv1.3",
        userAgent: "curl \"8\"\n",
        clientName: "PC-7"
    )
    static let wire = ["server_name", "tls_version", "client_certificate", "user_agent", "client_name"]
    static let reason = AuditReason(code: "outside-hours", reference: "R-7F3K-Q2", rule: "hours")
    static let why = ["reason_code", "reference", "policy_rule"]
    static let desktop = AuditDesktop(id: "rhoenblick/buergerbuero/rb-01", pool: "buergerbuero")
    static let hash = [UInt8](repeating: 0xA7, count: 32)
    static let traffic = AuditTraffic(bytesToClient: .max, bytesToDesktop: 2, milliseconds: 3, endedAt: 4)
    static let sent = ["bytes_to_client", "bytes_to_desktop", "duration_ms", "ended_at"]

    static let cases: [Case] =
        signInCases + sessionCases + gatewayCases + readingCases + identityCases + logCases
        + AuditEvent.RefusedAction.allCases.map { action in
            Case(
                code: action.kind.rawValue,
                event: .refused(
                    action,
                    subject,
                    desktop: desktop,
                    reason: reason,
                    ticketHash: hash,
                    detail: "d",
                    connection: connection
                ),
                keys: who + ["desktop", "pool", "transport", "ticket"] + why + ["detail"] + wire
            )
        }

    static let signInCases: [Case] = [
        Case(
            code: "GW1001I",
            event: .signInSucceeded(
                subject,
                factors: ["password", "otp"],
                webSession: "w1",
                connection: connection
            ),
            keys: who + ["transport", "web_session", "auth_factors"] + wire
        ),
        Case(
            code: "GW1001W",
            event: .signInFailed(subject, reason: reason, connection: connection),
            keys: who + ["transport"] + why + wire
        ),
        Case(
            code: "GW1004I",
            event: .passwordChanged(subject, connection: connection),
            keys: who + ["transport"] + wire
        ),
        Case(
            code: "GW1005W",
            event: .signInBlocked(subject, reason: reason, connection: connection),
            keys: who + ["transport"] + why + wire
        ),
        Case(
            code: "GW1009I",
            event: .signedOut(subject, reason: AuditReason(code: "expired"), webSession: "w1"),
            keys: who + ["web_session", "reason_code"]
        ),
        Case(
            code: "GW2001I",
            event: .ticketIssued(
                subject,
                desktop: desktop,
                way: "client",
                ticketHash: hash,
                webSession: "w1",
                rule: "groups",
                policyVersion: "p1",
                expires: 9
            ),
            keys: who + [
                "desktop", "pool", "way", "ticket", "web_session", "policy_rule", "policy_version", "expires",
            ]
        ),
    ]

    static let sessionCases: [Case] = [
        Case(
            code: "GW3001I",
            event: .sessionOpened(
                subject,
                desktop: desktop,
                target: "10.20.1.11:3389",
                way: "client",
                ticketHash: hash,
                rule: "groups",
                policyVersion: "p1",
                obligations: ["idle=1800"],
                connection: connection
            ),
            keys: who + [
                "desktop", "pool", "target", "way", "transport", "ticket", "policy_rule",
                "policy_version", "obligations",
            ]
                + wire
        ),
        Case(
            code: "GW3005I",
            event: .sessionResumed(
                subject,
                desktop: desktop,
                ticketHash: hash,
                reason: AuditReason(code: "reconnect"),
                connection: connection
            ),
            keys: who + ["desktop", "pool", "transport", "ticket", "reason_code"] + wire
        ),
        Case(
            code: "GW3009I",
            event: .sessionConnected(subject, desktop: desktop, target: "10.20.1.11:3389"),
            keys: who + ["desktop", "pool", "target"]
        ),
        Case(
            code: "GW3003W",
            event: .desktopUnreachable(subject, desktop: desktop),
            keys: who + ["desktop", "pool"]
        ),
        Case(
            code: "GW3008I",
            event: .sessionInterrupted(subject, desktop: desktop, reason: reason, traffic: nil),
            keys: who + ["desktop", "pool"] + why
        ),
        Case(
            code: "GW3002I",
            event: .sessionEnded(subject, desktop: desktop, reason: reason, traffic: traffic),
            keys: who + ["desktop", "pool"] + why + sent
        ),
        Case(
            code: "GW8001W",
            event: .parallelUse(
                subject,
                desktop: desktop,
                ticketHash: hash,
                reason: reason,
                connection: connection
            ),
            keys: who + ["desktop", "pool", "transport", "ticket"] + why + wire
        ),
    ]

    static let gatewayCases: [Case] = [
        Case(
            code: "GW2007E",
            event: .policyFault(rule: "county/no-drive", policyVersion: "p1", message: "no attribute level"),
            keys: ["actor_kind", "policy_rule", "policy_version", "detail"]
        ),
        Case(
            code: "GW4001W",
            event: .gateIncident(
                subject,
                reason: AuditReason(code: "slow-request"),
                count: 3,
                detail: "head"
            ),
            keys: who + ["reason_code", "detail", "count"]
        ),
        Case(
            code: "GW5001I",
            event: .configurationLoaded(version: "ab12", municipalities: 70, retention: "access 90d"),
            keys: ["actor_kind", "policy_version", "retention_days", "count"]
        ),
        Case(
            code: "GW5001W",
            event: .configurationRejected(file: "torhaus.yaml", line: 3, mistake: "unknown key"),
            keys: ["actor_kind", "target", "detail", "line"]
        ),
        Case(
            code: "GW6001I",
            event: .referenceLookedUp(subject, reference: "R-7F3K-Q2"),
            keys: who + ["reference"]
        ),
        Case(
            code: "GW6002I",
            event: .operatorAction(subject, action: "terminate", desktop: desktop, detail: "d"),
            keys: who + ["action", "desktop", "pool", "detail"]
        ),
        Case(
            code: "GW6002W",
            event: .operatorRefused(subject, action: "status", reason: reason, further: 2),
            keys: who + ["action"] + why + ["count"]
        ),
        Case(
            code: "GW7001I",
            event: .daemonStarted(version: "1", policyVersion: "ab12"),
            keys: ["actor_kind", "policy_version", "software_version"]
        ),
        Case(code: "GW7003I", event: .daemonStopped(version: "1"), keys: ["actor_kind", "software_version"]),
        Case(
            code: "GW7004I",
            event: .gateConnected(version: "1", sessions: 2),
            keys: ["actor_kind", "count", "software_version"]
        ),
        Case(
            code: "GW7004W",
            event: .gateLost(version: "1", reason: AuditReason(code: "closed")),
            keys: ["actor_kind", "reason_code", "software_version"]
        ),
    ]

    @Test("renders valid JSON with the envelope first and its keys in order", arguments: cases)
    func rendersInOrder(_ wanted: Case) throws {
        #expect(wanted.event.code == wanted.code)
        #expect(wanted.event.fields.map(\.key) == wanted.keys)

        let line = AuditLine.render(wanted.event, index: 41, milliseconds: 1_700_000_000_123)
        #expect(!line.contains(0x0A))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
        )
        #expect(Set(object.keys) == Set(AuditKey.envelope + wanted.keys))
        #expect(object["seq"] as? Int == 41)
        #expect(object["event_code"] as? String == wanted.code)

        let text = String(decoding: line, as: UTF8.self)
        var from = text.startIndex
        for key in AuditKey.envelope + wanted.keys {
            let found = try #require(text.range(of: "\"\(key)\":", range: from..<text.endIndex), "\(key)")
            from = found.upperBound
        }
        #expect(AuditLine.index(of: line) == 41)
    }

    @Test("has a case here for every kind of the catalogue")
    func casesAreComplete() {
        #expect(Set(Self.cases.map(\.event.kind)) == Set(AuditKind.allCases))
        #expect(Self.cases.count == AuditKind.allCases.count)
    }

    @Test("sets no field that the catalogue does not list for its kind", arguments: cases)
    func fieldsAreListed(_ wanted: Case) {
        let listed = wanted.event.kind.definition.keys.map(\.rawValue)
        #expect(Set(wanted.event.fields.map(\.key)).isSubset(of: listed))
    }

    @Test("does not record a value under a key that its kind does not list")
    func unlistedFieldsAreLeftOut() {
        let event = AuditEvent(.daemonStopped, [.version: .text("1"), .actor: .text("e.mustermann")])
        #expect(event.fields == [AuditEvent.Field("software_version", .text("1"))])
    }

    @Test("replaces the names of persons and nothing else", arguments: cases)
    func replacesNames(_ wanted: Case) {
        let replaced = wanted.event.replacingNames { name in "p:\(name.utf8.count)" }
        #expect(replaced.fields.map(\.key) == wanted.event.fields.map(\.key))
        for (before, after) in zip(wanted.event.fields, replaced.fields) {
            if ["actor", "approver"].contains(before.key) {
                #expect(before.value != after.value)
            } else {
                #expect(before.value == after.value)
            }
        }
        let line = String(decoding: AuditLine.render(replaced, index: 0, milliseconds: 0), as: UTF8.self)
        #expect(!line.contains("mustermann") && !line.contains("d.schutz"))
    }

    @Test("new days of the log's daemon are settings with an origin")
    func retentionChanged() {
        let event = AuditEvent.retentionChanged(origin: "log.example/2026", retention: "access 40d")
        #expect(event.kind == .configurationLoaded)
        #expect(event.fields.map(\.key) == ["actor_kind", "origin", "retention_days"])
    }

    @Test("keeps only twelve digits of a ticket's hash")
    func ticketPrefix() {
        let event = AuditEvent.sessionResumed(
            Self.subject,
            desktop: Self.desktop,
            ticketHash: Self.hash,
            reason: Self.reason,
            connection: nil
        )
        let ticket = event.fields.first { $0.key == "ticket" }
        #expect(ticket?.value == .text("a7a7a7a7a7a7"))
    }

    @Test("cuts long texts at whole characters")
    func cutsLongTexts() {
        let subject = AuditSubject(actor: String(repeating: "ä", count: 400))
        let event = AuditEvent.referenceLookedUp(subject, reference: "R")
        let actor = event.fields.first { $0.key == "actor" }
        #expect(actor?.value == .text(String(repeating: "ä", count: 256)))
    }
}
