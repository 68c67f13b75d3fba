// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which parts of a record the index knows.

internal import AuditEvents

extension AuditKey {
    /// Whether the words of this field can be searched for.
    ///
    /// Pseudonyms, sessions and municipalities have columns of their own.
    var isSearchable: Bool {
        switch self {
        case .actor, .actorClaimed, .subject, .approver, .session, .correlation, .municipality, .actorKind,
            .sourcePort:
            false
        default: true
        }
    }
}

extension AuditRecord {
    /// All texts that can be searched for, with spaces between.
    var searchText: String {
        var text = ""
        for field in fields where AuditKey(rawValue: field.key)?.isSearchable ?? true {
            switch field.value {
            case .text(let value): text += value + " "
            case .list(let values): text += values.joined(separator: " ") + " "
            case .number, .flag: continue
            }
        }
        return text
    }

    /// Every pseudonym in the record, once.
    var persons: Set<String> {
        var found: Set<String> = []
        for key in [AuditKey.actor, .actorClaimed, .subject, .approver] {
            switch self[key] {
            case .text(let text): found.insert(text)
            case .list(let texts): found.formUnion(texts)
            default: continue
            }
        }
        return found
    }

    /// Tells this record from every other that could stand at its number.
    var mark: String { "\(milliseconds) \(code) \(salt)" }
}
