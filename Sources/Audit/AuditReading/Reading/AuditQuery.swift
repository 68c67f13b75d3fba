// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what somebody looks for, and whose records she may see.

package import AuditEvents

/// Whose records a reader may see; the policy decides (`viewAudit`, `exportAudit`), this only holds.
package enum ReadingScope: Sendable, Hashable {
    /// Everything, records without a municipality included.
    case county
    /// Records of these municipalities and no others.
    case municipalities(Set<String>)
}

/// A question to the log; every part that is set must hold.
package struct AuditQuery: Sendable, Hashable {
    /// Milliseconds since 1970.
    package var from: UInt64?
    /// Milliseconds since 1970; the first that is not meant any more.
    package var until: UInt64?
    package var municipality: String?
    /// A pseudonym: whoever did it, whom it was about, or who agreed.
    package var person: String?
    /// Codes or names of events; any of them.
    package var events: Set<String> = []
    package var outcome: AuditEvent.Outcome?
    /// 32 hexadecimal digits.
    package var session: String?
    /// 32 hexadecimal digits.
    package var correlation: String?
    /// Words that must all be in a record's texts; `word*` means its beginning.
    package var text: String?
    /// Only records below this number of the log: where the page before ended.
    package var before: UInt64?
    /// Records of one answer.
    package var limit = defaultLimit

    package static let defaultLimit = 200
    package static let largestLimit = 10_000
    static let longestText = 200
    static let mostWords = 8

    package init() {}

    /// What the record of the reading says; the same question gives the same text.
    package var filter: String {
        var parts: [String] = []
        if let from { parts.append("from=\(AuditTime.text(from))") }
        if let until { parts.append("until=\(AuditTime.text(until))") }
        if let municipality { parts.append("municipality=\(municipality)") }
        if let person { parts.append("person=\(person)") }
        if !events.isEmpty { parts.append("event=\(events.sorted().joined(separator: ","))") }
        if let outcome { parts.append("outcome=\(outcome.rawValue)") }
        if let session { parts.append("session=\(session)") }
        if let correlation { parts.append("correlation=\(correlation)") }
        if let text { parts.append("text=\(text)") }
        if let before { parts.append("before=\(before)") }
        return parts.isEmpty ? "everything" : parts.joined(separator: " ")
    }

    /// Throws for what cannot be answered.
    func check() throws(ReadingError) {
        guard (1...Self.largestLimit).contains(limit) else {
            throw ReadingError(.question, "an answer has 1 to \(Self.largestLimit) records")
        }
        for id in [session, correlation].compactMap(\.self) where HexPrefix.number(id) == nil {
            throw ReadingError(.question, "a session or correlation has 32 hexadecimal digits")
        }
        if let from, let until, until <= from {
            throw ReadingError(.question, "the time ends before it begins")
        }
        if let text, words(text).isEmpty { throw ReadingError(.question, "there is no word to look for") }
    }

    /// The words as SQLite's full-text search wants them: each in quotation marks, all of them needed.
    var match: String? { text.map { words($0).joined(separator: " ") } }

    private func words(_ text: String) -> [String] {
        text.prefix(Self.longestText).split(whereSeparator: \.isWhitespace).prefix(Self.mostWords)
            .compactMap { word in
                let isStart = word.hasSuffix("*")
                let kept = String(isStart ? word.dropLast() : word)
                guard kept.contains(where: { $0.isLetter || $0.isNumber }) else { return nil }
                let quoted = kept.split(separator: "\"", omittingEmptySubsequences: false)
                    .joined(separator: "\"\"")
                return "\"\(quoted)\"" + (isStart ? "*" : "")
            }
    }
}

/// Identifiers of 128 random bits, known to the index by their first 64.
enum HexPrefix {
    /// The first 16 of 32 hexadecimal digits as a number; nil for another text.
    static func number(_ text: String) -> Int64? {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ isDigit($0) }),
            let number = UInt64(text.prefix(16), radix: 16)
        else { return nil }
        return Int64(bitPattern: number)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte || 0x61...0x66 ~= byte }
}
