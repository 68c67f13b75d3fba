// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a quick look at a body that is as most producers send it.

extension AuditLine {
    /// Whether a body names a person; nil when it is no body that `record(ofBody:)` would read.
    ///
    /// Most bodies are plain and need no record for that: the log asks this of every one, while its producer waits.
    package static func hasNames(ofBody bytes: [UInt8]) -> Bool? {
        guard bytes.count <= longestBody else { return nil }
        var glance = AuditGlance(bytes)
        return glance.hasNames() ?? record(ofBody: bytes).map { !$0.names.isEmpty }
    }
}

/// Understands plain texts (ASCII without escapes), numbers and flags; all else is for `AuditRecord`.
///
/// What it understands, `AuditRecord` reads without complaint and writes in the same bytes.
struct AuditGlance {
    private let bytes: [UInt8]
    private var offset = 0
    /// Where the keys of the fields are.
    private var keys: [Range<Int>] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Nil when this is no plain body.
    mutating func hasNames() -> Bool? {
        for start in Self.starts { guard take(start), skipText() else { return nil } }
        keys.reserveCapacity(Self.usualFields)
        var hasNames = false
        while !take(Self.end) {
            guard take(Self.fieldStart), let key = skipKey(), !isKnown(key, in: Self.unclear) else {
                return nil
            }
            if next == UInt8(ascii: "\"") {
                offset += 1
                let start = offset
                guard skipText() else { return nil }
                hasNames = hasNames || isKnown(key, in: Self.names)
                // Behind the salt comes nothing, and it is not empty.
                guard !isKnown(key, in: Self.salt) || start + 1 < offset && next == UInt8(ascii: "}") else {
                    return nil
                }
            } else {
                guard !isKnown(key, in: Self.salt), skipNumber() || take(Self.yes) || take(Self.no) else {
                    return nil
                }
            }
        }
        return offset == bytes.count ? hasNames : nil
    }

    // MARK: Parts

    private static let usualFields = 24
    /// 18 digits fit into 64 bits in any case.
    private static let digits = 1...18

    /// What stands before the text of each key of the envelope.
    private static let starts = ["event_code", "event", "category", "outcome", "severity", "retention"]
        .enumerated().map { place, key in Array("\(place == 0 ? "" : ",")\"\(key)\":\"".utf8) }
    private static let fieldStart = Array(",\"".utf8)
    private static let end = Array("}".utf8)
    private static let yes = Array("true".utf8)
    private static let no = Array("false".utf8)
    private static let salt = [Array("salt".utf8)]
    private static let names = AuditKey.allCases.filter { $0.register.privacy == .name }.map {
        Array($0.rawValue.utf8)
    }
    /// Keys that an event does not set, and the mark of a cut.
    private static let unclear = (AuditKey.envelope + ["cut"]).map { Array($0.utf8) }

    // MARK: Steps

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func take(_ expected: [UInt8]) -> Bool {
        guard expected.count <= bytes.count - offset else { return false }
        for (place, byte) in expected.enumerated() where bytes[offset + place] != byte { return false }
        offset += expected.count
        return true
    }

    /// Up to the quotation mark and over it; false when the text is not plain.
    private mutating func skipText() -> Bool {
        while let byte = next {
            offset += 1
            if byte == UInt8(ascii: "\"") { return true }
            guard 0x20...0x7E ~= byte, byte != UInt8(ascii: "\\") else { return false }
        }
        return false
    }

    /// A key that was not there before, and the colon.
    private mutating func skipKey() -> Range<Int>? {
        let start = offset
        guard skipText() else { return nil }
        let key = start..<offset - 1
        guard take([UInt8(ascii: ":")]), !keys.contains(where: { isSame($0, key) }) else { return nil }
        keys.append(key)
        return key
    }

    private mutating func skipNumber() -> Bool {
        if next == UInt8(ascii: "-") { offset += 1 }
        let start = offset
        while let byte = next, 0x30...0x39 ~= byte { offset += 1 }
        guard Self.digits ~= offset - start else { return false }
        // No zero in front, and none with a sign.
        return bytes[start] != 0x30 || offset - start == 1 && bytes[start - 1] != UInt8(ascii: "-")
    }

    // MARK: Comparing

    private func isSame(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count else { return false }
        for place in 0..<one.count where bytes[one.lowerBound + place] != bytes[other.lowerBound + place] {
            return false
        }
        return true
    }

    private func isKnown(_ key: Range<Int>, in known: [[UInt8]]) -> Bool {
        known.contains { word in
            guard word.count == key.count else { return false }
            for (place, byte) in word.enumerated() where bytes[key.lowerBound + place] != byte {
                return false
            }
            return true
        }
    }
}
