// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the names of persons in a record, and the same record without them.

extension AuditRecord {
    /// Reads the part of a line that a producer sends.
    package init(body: [UInt8]) throws(AuditRecordError) {
        guard body.count <= AuditLine.longestBody else { throw .tooLong(body.count) }
        var reader = AuditLineReader(body)
        try self.init(from: &reader, index: 0, milliseconds: 0)
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
        let whole = bodyAsItIs
        guard AuditLine.longestBody < whole.count else { return whole }
        var short = self
        short.isCut = true
        short.fields = fields.map {
            AuditEvent.Field($0.key, $0.value.limited(text: AuditLine.shortText, list: AuditLine.shortList))
        }
        return short.bodyAsItIs
    }

    private static let nameKeys = Set(
        AuditKey.allCases.filter { $0.register.privacy == .name }.map(\.rawValue)
    )

    /// A field of a later version may be a name too, but no version of ours wrote it.
    private static func isName(_ field: AuditEvent.Field) -> Bool {
        nameKeys.contains(field.key)
    }
}

extension AuditLine {
    /// The record whose body these bytes are; nil when `isBody` would say no.
    package static func record(ofBody bytes: [UInt8]) -> AuditRecord? {
        guard bytes.count <= longestBody else { return nil }
        var reader = AuditLineReader(bytes)
        guard let record = try? AuditRecord(from: &reader, index: 0, milliseconds: 0) else { return nil }
        return reader.isCanonical ? record : nil
    }
}
