// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the audit log's settings file, there and back.

import Testing

@testable import DaemonSettings

struct AuditSettingsTests {
    @Test("what is rendered reads back as the same value")
    func roundTrip() throws {
        let full = AuditSettings(
            socket: "/run/x/audit.sock",
            allowedUsers: ["torhaus", "root"],
            origin: "audit.county.example/gate1",
            logDirectory: "/srv/audit",
            stateDirectory: "/srv/state",
            names: AuditSettings.Names(directory: "/srv/names", holders: "/etc/torhaus/holders.json"),
            checkpointMilliseconds: 100,
            heartbeatSeconds: 5,
            minimumFreeMebibytes: 0,
            retention: AuditRetentionDays(access: 7, security: 180, operation: 3653, accountability: 1461),
            witnessPolicy: "/etc/torhaus/witnesses",
            forwarding: AuditSettings.Forwarding(
                receiver: "tcp:siem.county.example:6514",
                receiverName: "siem.county.example",
                authorities: "/etc/torhaus/siem/ca.pem",
                certificate: "/etc/torhaus/siem/client.pem",
                key: "/etc/torhaus/siem/client.key",
                enterprise: 4_294_967_295
            ),
            mirrorsToJournal: true
        )
        #expect(try AuditSettings(text: full.rendered) == full)
        let small = "allowed_user = torhaus\norigin = audit.county.example"
        #expect(try AuditSettings(text: small) == AuditSettings(origin: "audit.county.example"))
    }

    struct Wrong: CustomTestStringConvertible, Sendable {
        let line: String
        let keys: [String]
        var testDescription: String { line }
    }

    static let wrong = [
        Wrong(line: "", keys: ["origin"]),
        Wrong(line: "origin = audit", keys: []),
        Wrong(line: "origin = audit..example", keys: ["origin"]),
        Wrong(line: "origin = audit.example/", keys: ["origin"]),
        Wrong(line: "origin = audit.example/../x", keys: ["origin"]),
        Wrong(line: "origin = audit.example/a+b", keys: ["origin"]),
        Wrong(line: "origin = a.example\nnames_directory = /srv/names", keys: ["holders"]),
        Wrong(line: "origin = a.example\nholders = /etc/torhaus/holders.json", keys: []),
        Wrong(line: "origin = a.example\norigin = b.example", keys: ["origin"]),
        Wrong(line: "origin = a.example\ncheckpoint_milliseconds = 2000", keys: ["checkpoint_milliseconds"]),
        Wrong(line: "origin = a.example\nretain_access_days = 6", keys: ["retain_access_days"]),
        Wrong(
            line: "origin = a.example\nretain_security_days = 181\nretain_accountability_days = 90d",
            keys: ["retain_security_days", "retain_accountability_days"]
        ),
        Wrong(
            line: "origin = a.example\nretain_access_days = 100\nretain_operation_days = 99",
            keys: ["retain_operation_days"]
        ),
        Wrong(
            line: "origin = a.example\nforward_to = tcp:siem.example:6514",
            keys: ["forward_authorities", "forward_certificate", "forward_key", "forward_name"]
        ),
        Wrong(
            line: "origin = a.example\nforward_to = tcp:s.example:1\nforward_name = x\n"
                + "forward_authorities = /a\nforward_certificate = /b\nforward_key = /c\n"
                + "forward_enterprise = 0\nmirror_to_journal = true",
            keys: ["forward_enterprise", "mirror_to_journal"]
        ),
        // Without a receiver there is nothing to number.
        Wrong(line: "origin = a.example\nforward_enterprise = 9", keys: ["forward_enterprise"]),
        Wrong(
            line: "origin = a.example\nforward_to = unix:/run/x\nforward_name = x\nforward_authorities = /a\n"
                + "forward_certificate = /b\nforward_key = /c",
            keys: ["forward_to"]
        ),
    ]

    @Test("mistakes are told by their keys", arguments: wrong)
    func mistakes(wrong: Wrong) throws {
        let text = "allowed_user = torhaus\n\(wrong.line)\n"
        guard !wrong.keys.isEmpty else {
            _ = try AuditSettings(text: text)
            return
        }
        let error = try #require(throws: SettingsError.self) { try AuditSettings(text: text) }
        #expect(Set(error.problems.map(\.key)) == Set(wrong.keys))
    }
}
