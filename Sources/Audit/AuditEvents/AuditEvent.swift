// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the catalogue of what is recorded. Each event is made by a factory that names its fields; nothing
// else may write one, so that no secret and no content can slip into the log.

/// One thing that happened, ready to be written as a JSON line with its keys in this order.
package struct AuditEvent: Sendable, Hashable {
    /// How it ended.
    package enum Outcome: String, Sendable, Hashable, CaseIterable {
        case success
        case failure
        case refused
    }

    /// How much it matters to whoever is on duty.
    package enum Severity: String, Sendable, Hashable, CaseIterable {
        case info
        case notice
        case warning
        case error
    }

    /// What a field can hold: no nesting, no fractions, so that every reader gets the same bytes back.
    package enum Value: Sendable, Hashable {
        case text(String)
        case number(Int64)
        case flag(Bool)
        case list([String])
    }

    /// One key of the line and its value.
    package struct Field: Sendable, Hashable {
        package let key: String
        package let value: Value

        package init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// The catalogue's entry; code, name, purpose and retention follow from it.
    package let kind: AuditKind
    package let name: String
    package let category: AuditCategory
    package let outcome: Outcome
    package let severity: Severity
    package let retention: AuditRetention
    package let fields: [Field]

    /// Stable code such as `GW1001I`: family, number, and I, W or E for the severity class.
    package var code: String { kind.rawValue }

    /// Keeps what the catalogue lists for this kind; a value under any other key is not recorded.
    init(_ kind: AuditKind, _ values: [AuditKey: Value?]) {
        let definition = kind.definition
        var fields: [Field] = []
        fields.reserveCapacity(values.count)
        for key in definition.keys {
            guard let found = values[key], let value = found else { continue }
            fields.append(
                Field(key.rawValue, value.limited(text: AuditKey.longestText, list: AuditKey.longestList))
            )
        }
        self.init(kind, definition, fields)
    }

    init(_ kind: AuditKind, fields: [Field]) {
        self.init(kind, kind.definition, fields)
    }

    private init(_ kind: AuditKind, _ definition: AuditDefinition, _ fields: [Field]) {
        self.kind = kind
        name = definition.name
        category = definition.category
        outcome = definition.outcome
        severity = definition.severity
        retention = definition.retention
        self.fields = fields
    }

    /// A field's value as text; nil when it is absent or no text.
    package func text(_ key: AuditKey) -> String? {
        guard case .text(let text)? = fields.first(where: { $0.key == key.rawValue })?.value else {
            return nil
        }
        return text
    }

    /// Every name of a person in the event, as its factory was given it.
    package var names: [String] {
        fields.flatMap { field -> [String] in
            guard AuditKey(rawValue: field.key)?.register.privacy == .name else { return [] }
            switch field.value {
            case .text(let text): return [text]
            case .list(let texts): return texts
            case .number, .flag: return []
            }
        }
    }

    /// The same event with every name of a person replaced; what the log gets.
    package func replacingNames<Failure: Error>(
        _ replace: (String) throws(Failure) -> String
    ) throws(Failure) -> AuditEvent {
        var changed: [Field] = []
        for field in fields {
            let isName = AuditKey(rawValue: field.key)?.register.privacy == .name
            switch field.value {
            case .text(let text) where isName: changed.append(Field(field.key, .text(try replace(text))))
            case .list(let texts) where isName:
                var replaced: [String] = []
                for text in texts { replaced.append(try replace(text)) }
                changed.append(Field(field.key, .list(replaced)))
            default: changed.append(field)
            }
        }
        return AuditEvent(kind, fields: changed)
    }
}

/// Where events go.
///
/// An append returns when the record is durable; if it throws, what was to be recorded must not happen
/// (fail closed).
package protocol AuditTrail: Sendable {
    func append(_ event: AuditEvent) async throws(AuditFailure) -> AuditReceipt
}

/// Records an event and returns when it is durable; if it throws, what was recorded must not happen.
package typealias AuditRecorder = @Sendable (AuditEvent) async throws(AuditFailure) -> Void

/// The record is on the disk.
package struct AuditReceipt: Sendable, Hashable {
    /// Position in the log, gap-free.
    package let index: UInt64

    package init(index: UInt64) {
        self.index = index
    }
}

/// The record could not be made durable.
package struct AuditFailure: Error, Sendable, Hashable {
    package let reason: String

    package init(reason: String) {
        self.reason = reason
    }
}
