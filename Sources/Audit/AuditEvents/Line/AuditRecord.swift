// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a line read back. Only lines in the one form that `AuditLine` writes are records.

/// Why bytes are no record.
package enum AuditRecordError: Error, Sendable, Hashable {
    case tooLong(Int)
    /// What was expected, and the offset at which something else stood.
    case malformed(expected: String, offset: Int)
    /// The line is JSON of ours, but one of its envelope's texts is none that this version knows the form of.
    case envelope(String)
}

/// One record of the log.
///
/// Codes, categories and classes are texts here: a log outlives the version that wrote it.
package struct AuditRecord: Sendable, Hashable {
    /// Milliseconds since 1970.
    package var milliseconds: UInt64
    package var index: UInt64
    package var code: String
    package var name: String
    package var category: String
    package var outcome: String
    package var severity: String
    package var retention: String
    package var fields: [AuditEvent.Field]
    /// Whether long texts were cut to make the line fit.
    package var isCut: Bool
    /// As hexadecimal digits; empty when there is none.
    package var salt: String

    /// The catalogue's entry, nil for a code of another version.
    package var kind: AuditKind? { AuditKind(rawValue: code) }

    /// A field's value; nil when the record has none.
    package subscript(_ key: AuditKey) -> AuditEvent.Value? {
        fields.first { $0.key == key.rawValue }?.value
    }

    /// A field's value as text; nil when it is absent or no text.
    package func text(_ key: AuditKey) -> String? {
        guard case .text(let text) = self[key] else { return nil }
        return text
    }

    /// A field's value as a number; nil when it is absent or none.
    package func number(_ key: AuditKey) -> Int64? {
        guard case .number(let number) = self[key] else { return nil }
        return number
    }

    /// Reads a line without its line feed.
    ///
    /// Limits: `AuditLine.longest` bytes; each key once; no nesting but lists of texts.
    package init(parsing line: [UInt8]) throws(AuditRecordError) {
        guard line.count <= AuditLine.longest else { throw .tooLong(line.count) }
        var reader = AuditLineReader(line)
        try reader.take("{")
        let time = try reader.namedText("time")
        guard let milliseconds = AuditTime.milliseconds(time) else { throw .envelope("time") }
        try reader.take(#","seq":"#)
        let index = try reader.number()
        try reader.take(",")
        try self.init(from: &reader, index: index, milliseconds: milliseconds)
    }

    /// Reads the rest of a line behind its head.
    init(from reader: inout AuditLineReader, index: UInt64, milliseconds: UInt64) throws(AuditRecordError) {
        self.index = index
        self.milliseconds = milliseconds
        code = try reader.namedText("event_code")
        name = try reader.nextNamedText("event")
        category = try reader.nextNamedText("category")
        outcome = try reader.nextNamedText("outcome")
        severity = try reader.nextNamedText("severity")
        retention = try reader.nextNamedText("retention")
        fields = []
        fields.reserveCapacity(Self.usualFields)
        isCut = false
        salt = ""
        while try !reader.ends() {
            let field = try reader.field()
            // A record has few fields: looking at each is quicker than a set.
            guard salt.isEmpty, !fields.contains(where: { $0.key == field.key }),
                !AuditKey.envelope.contains(field.key), !isCut || field.key != "cut",
                field != AuditEvent.Field("salt", .text(""))
            else { throw reader.unexpected("another key") }
            switch (field.key, field.value) {
            case ("cut", .flag(true)): isCut = true
            case ("salt", .text(let text)): salt = text
            default:
                // We write the cut behind all fields.
                if isCut { reader.isCanonical = false }
                fields.append(field)
            }
        }
    }

    /// What a producer sends for an event.
    init(_ event: AuditEvent, fields: [AuditEvent.Field], isCut: Bool, salt: [UInt8]) {
        index = 0
        milliseconds = 0
        code = event.code
        name = event.name
        category = event.category.rawValue
        outcome = event.outcome.rawValue
        severity = event.severity.rawValue
        retention = event.retention.rawValue
        self.fields = fields
        self.isCut = isCut
        self.salt = AuditHex.text(salt)
    }

    // MARK: Writing

    /// The line again, byte for byte.
    package var rendered: [UInt8] { AuditLine.join(bodyAsItIs, index: index, milliseconds: milliseconds) }

    /// The line without its head.
    var bodyAsItIs: [UInt8] {
        var line = Array(#""event_code":"#.utf8)
        line.reserveCapacity(Self.usualBody)
        AuditText.quote(code, into: &line)
        AuditLine.append("event", .text(name), to: &line)
        AuditLine.append("category", .text(category), to: &line)
        AuditLine.append("outcome", .text(outcome), to: &line)
        AuditLine.append("severity", .text(severity), to: &line)
        AuditLine.append("retention", .text(retention), to: &line)
        for field in fields { AuditLine.append(field.key, field.value, to: &line) }
        if isCut { AuditLine.append("cut", .flag(true), to: &line) }
        if !salt.isEmpty { AuditLine.append("salt", .text(salt), to: &line) }
        line.append(UInt8(ascii: "}"))
        return line
    }

    /// Most records have fewer.
    private static let usualFields = 16
    /// Most bodies are shorter; a longer one makes its array grow.
    private static let usualBody = 768
}
