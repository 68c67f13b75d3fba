// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the log holds about one person, for that person (GDPR Article 15); nothing about anybody else.

package import AuditEvents

/// One record as the person gets it.
package struct PersonEntry: Sendable, Hashable {
    /// Milliseconds since 1970.
    package let milliseconds: UInt64
    package let code: String
    /// German.
    package let title: String
    /// Only those that say nothing about others.
    package let fields: [AuditEvent.Field]
    let retention: String
}

/// The whole answer.
package struct PersonAnswer: Sendable, Hashable {
    /// Account name.
    package let person: String
    package let why: AuditCase
    /// Milliseconds since 1970.
    package let made: UInt64
    package let pseudonyms: [String]
    /// What the person did.
    package let own: [PersonEntry]
    /// What operators did to the person's sessions.
    package let interventions: [PersonEntry]
    /// Who asked for the person's name or records: when, why, with which result.
    package let readings: [PersonEntry]

    package var count: Int { own.count + interventions.count + readings.count }
}

extension PersonEntry {
    /// How a record stands to the person.
    enum Relation {
        case own
        case intervention
        case reading
    }

    init(_ record: AuditRecord, _ relation: Relation) {
        milliseconds = record.milliseconds
        code = record.code
        title = record.kind?.definition.title ?? record.name
        retention = record.retention
        fields = record.fields.compactMap { field in
            guard let key = AuditKey(rawValue: field.key), Self.isHers(key, record, relation) else {
                return nil
            }
            // Who failed or was refused under her name may have been somebody else.
            if record.outcome != "success", case .text(let text) = field.value {
                if key == .source { return AuditEvent.Field(field.key, .text(RecordView.network(text))) }
                if key == .detail {
                    return AuditEvent.Field(field.key, .text(RecordView.withoutAddresses(text)))
                }
            }
            return field
        }
    }

    /// Whether a field may be told: fields are let through one by one, so a new one is left out at first.
    private static func isHers(_ key: AuditKey, _ record: AuditRecord, _ relation: Relation) -> Bool {
        switch relation {
        case .reading: return [.purpose, .caseNumber, .approverRole, .period].contains(key)
        case .intervention: return [.action, .desktop, .pool, .session, .municipality].contains(key)
        case .own:
            // What she did as an operator or reader is about other persons.
            let isAboutOthers = ["administration", "reading", "identity"].contains(record.category)
            if isAboutOthers {
                return [.municipality, .source, .action, .purpose, .caseNumber, .count, .format].contains(key)
            }
            switch key {
            case .actor, .actorClaimed, .subject, .approver, .approverRole, .filter, .request: return false
            case .sourcePort, .userAgent, .clientName, .certificate: return record.outcome == "success"
            default: return true
            }
        }
    }
}

extension PersonAnswer {
    /// For machines (Article 20 uses the same form).
    package var json: String {
        JSONTree.object([
            "person": .text(person),
            "made": .text(AuditTime.text(made)),
            "purpose": .text(why.purpose),
            "case_number": .text(why.number),
            "pseudonyms": .list(pseudonyms.map { .text($0) }),
            "records": Self.tree(own),
            "interventions": Self.tree(interventions),
            "readings": Self.tree(readings),
        ]).text + "\n"
    }

    private static func tree(_ entries: [PersonEntry]) -> JSONTree {
        .list(
            entries.map { entry in
                let head = [
                    JSONTree.Member(key: "time", value: .text(AuditTime.text(entry.milliseconds))),
                    JSONTree.Member(key: "event_code", value: .text(entry.code)),
                    JSONTree.Member(key: "title", value: .text(entry.title)),
                ]
                let fields = entry.fields.map { JSONTree.Member(key: $0.key, value: JSONTree($0.value)) }
                return .object(head + fields)
            }
        )
    }
}
