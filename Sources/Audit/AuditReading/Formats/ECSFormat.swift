// SPDX-License-Identifier: EUPL-1.2
// Torhaus: records as documents of the Elastic Common Schema.

package import AuditEvents

/// What has no place in the schema goes to `labels`.
package enum ECSFormat {
    package static let version = "8.17.0"

    package static func document(_ record: AuditRecord, origin: String) -> JSONTree {
        let home = Home(record)
        return .object([
            "@timestamp": .text(AuditTime.text(record.milliseconds)),
            "ecs": .object(["version": .text(version)]),
            "message": .optional(record.kind?.definition.meaning),
            "event": .object([
                "kind": .text(home.kind),
                "category": .list(home.categories.map { .text($0) }),
                "type": .list(home.types.map { .text($0) }),
                "action": .text(record.name),
                "code": .text(record.code),
                "outcome": .text(record.outcome == "success" ? "success" : "failure"),
                "severity": .number(severity(record.severity)),
                "sequence": .number(Int64(clamping: record.index)),
                "id": .text("\(origin)#\(record.index)"),
                "reason": .optional(record.text(.reason)),
                "duration": record.number(.duration).map {
                    .number($0.multipliedReportingOverflow(by: 1_000_000).partialValue)
                },
                "provider": .text("torhaus"),
                "dataset": .text("torhaus.audit"),
            ]),
            "user": .filled(["id": .optional(record.text(.actor))]),
            "source": .filled(["address": .optional(record.text(.source)), "ip": ip(record)]),
            "destination": .filled(["address": .optional(record.text(.target))]),
            "network": .filled(["transport": record.text(.source).map { _ in .text("tcp") }]),
            "rule": .filled([
                "name": .optional(record.text(.rule)), "version": .optional(record.text(.policyVersion)),
            ]),
            "tls": .filled(["version": .optional(record.text(.tlsVersion))]),
            "user_agent": .filled(["original": .optional(record.text(.userAgent))]),
            "organization": .filled(["id": .optional(record.text(.municipality))]),
            "trace": .filled(["id": .optional(record.text(.correlation))]),
            "observer": .object([
                "type": .text("gateway"), "vendor": .text("Torhaus"), "product": .text("Torhaus"),
                "version": .optional(record.text(.version)),
            ]),
            "labels": labels(record),
        ])
    }

    private static let placed: Set<AuditKey> = [
        .reason, .duration, .actor, .source, .target, .rule, .policyVersion, .tlsVersion, .userAgent,
        .municipality, .correlation, .version,
    ]

    /// Labels are flat and textual.
    private static func labels(_ record: AuditRecord) -> JSONTree? {
        let members = record.fields.compactMap { field -> JSONTree.Member? in
            if let key = AuditKey(rawValue: field.key), placed.contains(key) { return nil }
            let text =
                switch field.value {
                case .text(let text): text
                case .number(let number): String(number)
                case .flag(let flag): flag ? "true" : "false"
                case .list(let texts): texts.joined(separator: ",")
                }
            return JSONTree.Member(key: field.key, value: .text(text))
        }
        let whole = members + [JSONTree.Member(key: "retention", value: .text(record.retention))]
        return .object(whole)
    }

    /// A shortened address is no value of the type `ip`.
    private static func ip(_ record: AuditRecord) -> JSONTree? {
        record.text(.source).flatMap { $0.contains("/") || $0.contains("(") ? nil : .text($0) }
    }

    private static func severity(_ word: String) -> Int64 {
        switch word {
        case "info": 1
        case "notice": 2
        case "warning": 3
        default: 4
        }
    }

    /// Where the schema files a record.
    private struct Home {
        var kind = "event"
        var categories: [String] = []
        var types: [String] = ["info"]

        init(_ record: AuditRecord) {
            switch record.category {
            case "sign-in": categories = ["authentication"]
            case "access": categories = ["iam"]
            case "session": categories = ["session", "network"]
            case "gate": categories = ["network"]
            case "configuration": categories = ["configuration"]
            case "administration", "reading", "identity": categories = ["iam"]
            case "detection":
                kind = "alert"
                categories = ["intrusion_detection"]
            default: categories = ["host"]
            }
            switch record.kind {
            case .signInSucceeded, .signInFailed, .signInBlocked, .sessionOpened, .sessionConnected,
                .sessionResumed, .daemonStarted, .gateConnected, .logOpened:
                types = ["start"]
            case .signedOut, .sessionEnded, .sessionInterrupted, .daemonStopped, .gateLost: types = ["end"]
            case .configurationLoaded, .passwordChanged, .operatorAction: types = ["change"]
            case .ticketIssued: types = ["allowed"]
            case .recordsPruned, .periodDestroyed: types = ["deletion"]
            default: types = record.outcome == "refused" ? ["denied"] : ["info"]
            }
        }
    }
}
