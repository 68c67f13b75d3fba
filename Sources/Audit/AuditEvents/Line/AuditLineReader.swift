// SPDX-License-Identifier: EUPL-1.2
// Torhaus: takes a record's line apart, one byte after the other and never behind the end.

/// A cursor over one line.
struct AuditLineReader {
    private let bytes: [UInt8]
    private var offset = 0
    /// False once something was read that `AuditRecord` writes in other bytes.
    var isCanonical = true

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next byte, nil at the end.
    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    func unexpected(_ expected: String) -> AuditRecordError {
        .malformed(expected: expected, offset: offset)
    }

    mutating func take(_ text: String) throws(AuditRecordError) {
        for byte in text.utf8 {
            guard next == byte else { throw unexpected(text) }
            offset += 1
        }
    }

    /// Takes the closing brace, which must be the last byte; false before a comma.
    mutating func ends() throws(AuditRecordError) -> Bool {
        if next == UInt8(ascii: ",") { return false }
        try take("}")
        guard next == nil else { throw unexpected("the end") }
        return true
    }

    /// Decimal digits of an unsigned number, without leading zeros.
    mutating func number() throws(AuditRecordError) -> UInt64 {
        let digits = try digits()
        guard let number = UInt64(digits) else { throw unexpected("a number") }
        return number
    }

    mutating func namedText(_ key: String) throws(AuditRecordError) -> String {
        try take("\"")
        try take(key)
        try take("\":")
        return try text()
    }

    mutating func nextNamedText(_ key: String) throws(AuditRecordError) -> String {
        try take(",")
        return try namedText(key)
    }

    /// A comma, a key and its value.
    mutating func field() throws(AuditRecordError) -> AuditEvent.Field {
        try take(",")
        let key = try text()
        try take(":")
        return AuditEvent.Field(key, try value())
    }

    // MARK: Values

    private mutating func value() throws(AuditRecordError) -> AuditEvent.Value {
        switch next {
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "["): return .list(try list())
        case UInt8(ascii: "t"):
            try take("true")
            return .flag(true)
        case UInt8(ascii: "f"):
            try take("false")
            return .flag(false)
        case UInt8(ascii: "-"):
            try take("-")
            let digits = try digits()
            guard digits != "0", let number = Int64("-" + digits) else { throw unexpected("a number") }
            return .number(number)
        default:
            guard let number = Int64(try digits()) else { throw unexpected("a number") }
            return .number(number)
        }
    }

    private mutating func list() throws(AuditRecordError) -> [String] {
        try take("[")
        var texts: [String] = []
        while next != UInt8(ascii: "]") {
            if !texts.isEmpty { try take(",") }
            texts.append(try text())
        }
        try take("]")
        return texts
    }

    private mutating func digits() throws(AuditRecordError) -> String {
        let start = offset
        while let byte = next, 0x30...0x39 ~= byte { offset += 1 }
        let digits = bytes[start..<offset]
        guard !digits.isEmpty, digits.count == 1 || digits.first != 0x30 else { throw unexpected("a number") }
        return String(decoding: digits, as: UTF8.self)
    }

    // MARK: Texts

    mutating func text() throws(AuditRecordError) -> String {
        try take("\"")
        let start = offset
        // Most texts have no escapes and are taken as they are.
        let rest = bytes[offset...]
        let end = rest.firstIndex { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") || $0 < 0x20 }
        guard let end, bytes[end] == UInt8(ascii: "\"") else {
            let text = try textWithEscapes()
            compare(text, from: start)
            return text
        }
        guard let text = Self.text(of: bytes.span.extracting(start..<end)) else { throw unexpected("UTF-8") }
        offset = end + 1
        if bytes[start..<end].contains(where: AuditText.mayNeedEscape) { compare(text, from: start) }
        return text
    }

    private static func text(of bytes: Span<UInt8>) -> String? {
        guard let valid = try? UTF8Span(validating: bytes) else { return nil }
        return String(copying: valid)
    }

    /// Notes when the text that ends here would have been written differently.
    private mutating func compare(_ text: String, from start: Int) {
        var quoted: [UInt8] = []
        AuditText.quote(text, into: &quoted)
        if quoted.dropFirst() != bytes[start..<offset] { isCanonical = false }
    }

    /// The rest of a text behind its first quotation mark.
    private mutating func textWithEscapes() throws(AuditRecordError) -> String {
        var decoded: [UInt8] = []
        while true {
            guard let byte = next else { throw unexpected("\"") }
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: decoded, as: UTF8.self) else {
                    throw unexpected("UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): try escape(into: &decoded)
            case 0x00...0x1F: throw unexpected("an escape")
            default: decoded.append(byte)
            }
        }
    }

    private mutating func escape(into decoded: inout [UInt8]) throws(AuditRecordError) {
        guard let byte = next else { throw unexpected("an escape") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): decoded.append(byte)
        case UInt8(ascii: "b"): decoded.append(0x8)
        case UInt8(ascii: "t"): decoded.append(0x9)
        case UInt8(ascii: "n"): decoded.append(0xA)
        case UInt8(ascii: "f"): decoded.append(0xC)
        case UInt8(ascii: "r"): decoded.append(0xD)
        case UInt8(ascii: "u"):
            let digits = bytes[offset...].prefix(4)
            guard digits.count == 4,
                digits.allSatisfy({ 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }),
                let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(number)
            else { throw unexpected("four hexadecimal digits of a scalar") }
            offset += 4
            decoded += Array(String(scalar).utf8)
        default: throw unexpected("an escape")
        }
    }
}
