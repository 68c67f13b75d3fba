// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads JSON strictly.

/// Reads one JSON text (RFC 8259), stricter than most: no key twice, depth and size bounded.
package struct CedarJSONReader {
    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the whole text; throws `.json` with the place, or `.limit`.
    package static func read(_ text: String) throws(CedarError) -> CedarJSON {
        guard text.utf8.count <= CedarLimits.json else {
            throw CedarError(.limit, "the JSON text has more than \(CedarLimits.json) bytes")
        }
        var reader = CedarJSONReader(Array(text.utf8))
        let value = try reader.value()
        reader.skipBlanks()
        guard reader.index == reader.bytes.count else { throw reader.wrong("something after the value") }
        return value
    }

    // MARK: Values

    private mutating func value() throws(CedarError) -> CedarJSON {
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try nested { reader throws(CedarError) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(CedarError) in try reader.array() }
        case UInt8(ascii: "\""): return .string(CedarText(try string()))
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ body: (inout CedarJSONReader) throws(CedarError) -> CedarJSON
    ) throws(CedarError) -> CedarJSON {
        guard depth < CedarLimits.jsonDepth else {
            throw CedarError(.limit, "more than \(CedarLimits.jsonDepth) levels of JSON", at: place)
        }
        depth += 1
        let result = try body(&self)
        depth -= 1
        return result
    }

    private mutating func object() throws(CedarError) -> CedarJSON {
        index += 1
        var members: [CedarJSON.Member] = []
        var keys: Set<CedarText> = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw wrong("a key is missing") }
            let start = index
            let key = CedarText(try string())
            guard keys.insert(key).inserted else {
                index = start
                throw wrong("the key \(CedarEscaping.quoted(key.string)) stands here twice")
            }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw wrong("a colon is missing") }
            members.append(CedarJSON.Member(key, try value()))
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw wrong("a comma or } is missing") }
        return .object(members)
    }

    private mutating func array() throws(CedarError) -> CedarJSON {
        index += 1
        var elements: [CedarJSON] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array([]) }
        repeat {
            elements.append(try value())
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw wrong("a comma or ] is missing") }
        return .array(elements)
    }

    private mutating func word(_ word: String, _ value: CedarJSON) throws(CedarError) -> CedarJSON {
        guard bytes[index...].starts(with: word.utf8) else { throw wrong("no JSON value") }
        index += word.utf8.count
        return value
    }

    private mutating func number() throws(CedarError) -> CedarJSON {
        let start = index
        _ = take(UInt8(ascii: "-"))
        let isZero = next == UInt8(ascii: "0")
        let whole = digits()
        guard 0 < whole, !isZero || whole == 1 else {
            index = start
            throw wrong(whole == 0 ? "no JSON value" : "a number with leading zeros")
        }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            guard 0 < digits() else { throw wrong("a number without digits after the point") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isInteger = false
            index += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard 0 < digits() else { throw wrong("a number without digits in the exponent") }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        guard isInteger, text != "-0", let value = Int64(text) else { return .otherNumber(text) }
        return .integer(value)
    }

    private mutating func digits() -> Int {
        let start = index
        while let byte = next, CedarCharacters.isDigit(byte) { index += 1 }
        return index - start
    }

    // MARK: Strings

    private mutating func string() throws(CedarError) -> String {
        index += 1
        let start = index
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), 0x20 <= byte {
            index += 1
        }
        let plain = bytes[start..<index]
        if take(UInt8(ascii: "\"")) { return String(decoding: plain, as: UTF8.self) }
        var text = Array(plain)
        while let byte = next {
            guard 0x20 <= byte else { throw wrong("a control character in a string") }
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += String(try escape()).utf8
            default: text.append(byte)
            }
        }
        throw wrong("a string without end")
    }

    private mutating func escape() throws(CedarError) -> Unicode.Scalar {
        guard let kind = next else { throw wrong("a string without end") }
        index += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(kind)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try scalar()
        default: throw wrong("an escape that JSON does not know")
        }
    }

    /// Four hexadecimal digits, or two times four for what UTF-16 writes as a pair.
    private mutating func scalar() throws(CedarError) -> Unicode.Scalar {
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw wrong("half a surrogate pair")
        }
        let second = try unit()
        guard 0xdc00 <= second, second < 0xe000,
            let scalar = Unicode.Scalar(0x1_0000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { throw wrong("half a surrogate pair") }
        return scalar
    }

    private mutating func unit() throws(CedarError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw wrong("\\u wants four hexadecimal digits")
            }
            index += 1
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    // MARK: Bytes

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { index += 1 }
    }

    private func wrong(_ what: String) -> CedarError { CedarError(.json, what, at: place) }

    private var place: SourcePosition {
        let before = bytes[..<min(index, bytes.count)]
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let lines = before.count { $0 == UInt8(ascii: "\n") }
        let columns = before[start...].count { !CedarCharacters.isContinuation($0) }
        return SourcePosition(line: Int32(clamping: lines + 1), column: Int32(clamping: columns + 1))
    }
}
