// SPDX-License-Identifier: EUPL-1.2
// Torhaus: records as events of the Open Cybersecurity Schema Framework 1.7.

package import AuditEvents

/// Each kind of event has its class; what the class has no place for goes to `unmapped`.
package enum OCSFFormat {
    package static let version = "1.7.0"

    package static func event(_ record: AuditRecord, origin: String) -> JSONTree {
        let place = OCSFPlace(record)
        let parts = OCSFParts(record)
        let common: [JSONTree.Member] = members([
            "activity_id": .number(place.activity),
            "category_uid": .number(place.category.rawValue / 1000),
            "class_uid": .number(place.category.rawValue),
            "type_uid": .number(place.category.rawValue * 100 + place.activity),
            "time": .number(Int64(clamping: record.milliseconds)),
            "severity_id": .number(severity(record.severity)),
            "status_id": .number(record.outcome == "success" ? 1 : 2),
            "status_detail": .optional(record.text(.reason)),
            "message": .optional(record.kind?.definition.meaning),
            "metadata": .object([
                "version": .text(version),
                "uid": .text("\(origin)#\(record.index)"),
                "sequence": .number(Int64(clamping: record.index)),
                "event_code": .text(record.code),
                "log_name": .text(origin),
                "tenant_uid": .optional(record.text(.municipality)),
                "correlation_uid": .optional(record.text(.correlation)),
                "product": .object([
                    "name": .text("Torhaus"), "vendor_name": .text("Torhaus"),
                    "version": .optional(record.text(.version)),
                ]),
            ]),
        ])
        return .object(common + own(place.category, parts) + members(["unmapped": parts.unmapped(record)]))
    }

    private static func members(_ pairs: KeyValuePairs<String, JSONTree?>) -> [JSONTree.Member] {
        pairs.compactMap { key, value in value.map { JSONTree.Member(key: key, value: $0) } }
    }

    /// What a class has beyond the common part.
    private static func own(_ category: OCSFClass, _ parts: OCSFParts) -> [JSONTree.Member] {
        switch category {
        case .authentication:
            members([
                "user": parts.user,
                "service": .object(["name": .text("torhaus")]),
                "auth_protocol_id": .number(99),
                "auth_protocol": .text("PAM"),
                "logon_type_id": .number(3),
                "is_remote": .flag(true),
                "is_mfa": parts.factors.map { .flag($0.contains { $0 != "password" }) },
                "auth_factors": parts.authFactors,
                "src_endpoint": parts.source,
                "session": parts.session,
            ])
        case .accountChange:
            members(["user": parts.user, "src_endpoint": parts.source])
        case .authorizeSession:
            members([
                "user": parts.user,
                "privileges": .list([.text("desktop:connect")]),
                "session": parts.session,
                "dst_endpoint": parts.desktop,
            ])
        case .tunnel:
            members([
                "user": parts.user,
                "session": parts.session,
                "src_endpoint": parts.source,
                "dst_endpoint": parts.desktop,
                "tunnel_type_id": .number(1),
                "traffic": parts.traffic,
                "duration": parts.duration,
            ])
        case .network:
            members([
                "src_endpoint": parts.anySource, "dst_endpoint": parts.desktop, "duration": parts.duration,
            ])
        case .entityManagement:
            members(["entity": parts.entity])
        case .api:
            members([
                "actor": parts.actor,
                "api": parts.api,
                "src_endpoint": parts.anySource,
            ])
        case .applicationLifecycle:
            members(["app": parts.application])
        case .detectionFinding:
            members(["finding_info": parts.finding])
        }
    }

    private static func severity(_ word: String) -> Int64 {
        switch word {
        case "info": 1
        case "notice": 2
        case "warning": 3
        case "error": 4
        default: 99
        }
    }
}

/// Classes used here; the raw value is the class's number, its thousands the category.
enum OCSFClass: Int64 {
    case detectionFinding = 2004
    case accountChange = 3001
    case authentication = 3002
    case authorizeSession = 3003
    case entityManagement = 3004
    case network = 4001
    case tunnel = 4014
    case applicationLifecycle = 6002
    case api = 6003
}

/// Class and activity of a kind.
struct OCSFPlace {
    let category: OCSFClass
    let activity: Int64

    /// "Other" in every class.
    private static let other: Int64 = 99

    init(_ record: AuditRecord) {
        guard let kind = record.kind else {
            (category, activity) = (.applicationLifecycle, Self.other)
            return
        }
        (category, activity) =
            switch kind {
            case .signInSucceeded, .signInFailed, .signInBlocked, .signInRefused: (.authentication, 1)
            case .signedOut: (.authentication, 2)
            case .passwordChanged: (.accountChange, 3)
            case .ticketIssued, .listRefused, .ticketRefused, .tunnelRefused, .sessionRefused:
                (.authorizeSession, 1)
            case .sessionOpened: (.tunnel, 1)
            case .sessionEnded: (.tunnel, 2)
            case .sessionResumed: (.tunnel, 3)
            case .sessionInterrupted: (.tunnel, Self.other)
            case .sessionConnected: (.network, 1)
            case .desktopUnreachable: (.network, 4)
            case .gateIncident: (.network, 5)
            case .configurationLoaded, .configurationRejected: (.entityManagement, 3)
            case .holdPlaced, .periodOpened, .reportMade, .revealRequested: (.api, 1)
            case .referenceLookedUp, .logSearched, .readingRefused, .logExported, .nameRevealed,
                .personInformed:
                (.api, 2)
            case .operatorAction, .operatorRefused, .revealApproved, .revealRefused, .periodClosed: (.api, 3)
            case .recordsPruned, .periodDestroyed, .holdLifted: (.api, 4)
            case .daemonStarted, .gateConnected, .logOpened: (.applicationLifecycle, 3)
            case .daemonStopped, .gateLost, .logContinued: (.applicationLifecycle, 4)
            case .heartbeat, .logRepaired, .logRecovered, .recordsDeliveredLate:
                (.applicationLifecycle, Self.other)
            case .witnessMissing, .forwarderBehind, .spaceLow, .clockJumped, .parallelUse, .policyFault,
                .refusalsDropped:
                (.detectionFinding, 1)
            }
    }
}
