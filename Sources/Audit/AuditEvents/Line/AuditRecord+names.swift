// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the names of persons in a record, and the same record without them.

extension AuditRecord {
    /// Reads the part of a line that a producer sends.
    package init(body: [UInt8]) throws(AuditRecordError) {
        try self.init(parsing: AuditLine.join(body, index: 0, milliseconds: 0))
    }

    /// Every name of a person, as its producer wrote it.
    package var names: [String] {
        fields.flatMap { field -> [String] in
            guard Self.isName(field) else { return [] }
            switch field.value {
            case .text(let text): return [text]
            case .list(let texts): return texts
            case .number, .flag: return []
            }
        }
    }

    /// Puts something else in place of every name.
    package mutating func replaceNames(_ replace: (String) -> String) {
        fields = fields.map { field in
            guard Self.isName(field) else { return field }
            switch field.value {
            case .text(let text): return AuditEvent.Field(field.key, .text(replace(text)))
            case .list(let texts): return AuditEvent.Field(field.key, .list(texts.map(replace)))
            case .number, .flag: return field
            }
        }
    }

    /// The line without time and number; cut like a producer's when replacing made it too long.
    package var body: [UInt8] {
        let head = AuditLine.head(index: .max, milliseconds: .max).utf8.count
        let whole = bodyAsItIs
        guard AuditLine.longest - head < whole.count else { return whole }
        var short = self
        short.isCut = true
        short.fields = fields.map {
            AuditEvent.Field($0.key, $0.value.limited(text: AuditLine.shortText, list: AuditLine.shortList))
        }
        return short.bodyAsItIs
    }

    private var bodyAsItIs: [UInt8] {
        let head = AuditLine.head(index: index, milliseconds: milliseconds).utf8.count
        return Array(rendered.dropFirst(head))
    }

    /// A field of a later version may be a name too, but no version of ours wrote it.
    private static func isName(_ field: AuditEvent.Field) -> Bool {
        AuditKey(rawValue: field.key)?.register.privacy == .name
    }
}

extension AuditLine {
    /// The record whose body these bytes are; nil when `isBody` would say no.
    package static func record(ofBody bytes: [UInt8]) -> AuditRecord? {
        let line = join(bytes, index: .max, milliseconds: .max)
        guard line.count <= longest, let record = try? AuditRecord(parsing: line) else { return nil }
        return record.rendered == line ? record : nil
    }
}
