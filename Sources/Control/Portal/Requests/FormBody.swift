// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the fields of a submitted form.

/// `application/x-www-form-urlencoded`, decoded within limits.
///
/// Values stay bytes: they may be secrets.
struct FormBody: Sendable {
    enum Problem: Error, Hashable {
        case tooManyFields
        case badEncoding
        case repeatedField
    }

    private var fields: [String: [UInt8]] = [:]

    init() {}

    /// Decodes; a field that comes twice is an attempt to be understood in two ways.
    init(_ bytes: some Collection<UInt8>) throws(Problem) {
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            guard fields.count < PortalLimits.formFields else { throw .tooManyFields }
            let parts = pair.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = try Self.decoded(parts.first ?? pair)
            let value = parts.count == 2 ? try Self.decoded(parts[1]) : []
            guard let name = String(validating: name, as: UTF8.self) else { throw .badEncoding }
            guard fields.updateValue(value, forKey: name) == nil else { throw .repeatedField }
        }
    }

    /// A field's bytes.
    func bytes(_ name: String) -> [UInt8]? { fields[name] }

    /// A field as text without control characters; nil when it is missing or not UTF-8.
    func text(_ name: String) -> String? {
        guard let bytes = fields[name], let text = String(validating: bytes, as: UTF8.self) else {
            return nil
        }
        return text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
            ? nil : text
    }

    /// Overwrites every value.
    ///
    /// The buffers of the HTTP layer are out of reach; they live for this request only.
    mutating func erase() {
        for name in fields.keys {
            guard let count = fields[name]?.count else { continue }
            fields[name]?.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
            fields[name]?.removeLast(count)
        }
    }

    private static func decoded(_ text: some Collection<UInt8>) throws(Problem) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "+"):
                result.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(nibble), let low = iterator.next().flatMap(nibble)
                else {
                    throw .badEncoding
                }
                result.append(high << 4 | low)
            default:
                result.append(byte)
            }
        }
        return result
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
