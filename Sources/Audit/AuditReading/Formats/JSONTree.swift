// SPDX-License-Identifier: EUPL-1.2
// Torhaus: JSON with its keys in the order they were put in.

internal import AuditEvents

/// A JSON value that is only ever written.
package indirect enum JSONTree: Sendable, Hashable {
    case text(String)
    case number(Int64)
    case flag(Bool)
    case list([JSONTree])
    case object([Member])

    package struct Member: Sendable, Hashable {
        package let key: String
        package let value: JSONTree
    }

    /// An object; members without a value are left out.
    static func object(_ members: KeyValuePairs<String, JSONTree?>) -> JSONTree {
        .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }

    /// An object, or nothing when it would be empty.
    static func filled(_ members: KeyValuePairs<String, JSONTree?>) -> JSONTree? {
        guard case .object(let kept) = object(members), !kept.isEmpty else { return nil }
        return .object(kept)
    }

    static func optional(_ text: String?) -> JSONTree? { text.map { .text($0) } }
    static func optional(_ number: Int64?) -> JSONTree? { number.map { .number($0) } }

    init(_ value: AuditEvent.Value) {
        self =
            switch value {
            case .text(let text): .text(text)
            case .number(let number): .number(number)
            case .flag(let flag): .flag(flag)
            case .list(let texts): .list(texts.map { .text($0) })
            }
    }

    /// Without spaces and line feeds.
    package var text: String {
        var text: [UInt8] = []
        write(into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private func write(into text: inout [UInt8]) {
        switch self {
        case .text(let value): AuditText.quote(value, into: &text)
        case .number(let number): text += String(number).utf8
        case .flag(let flag): text += (flag ? "true" : "false").utf8
        case .list(let values):
            text.append(UInt8(ascii: "["))
            for (position, value) in values.enumerated() {
                if position != 0 { text.append(UInt8(ascii: ",")) }
                value.write(into: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .object(let members):
            text.append(UInt8(ascii: "{"))
            for (position, member) in members.enumerated() {
                if position != 0 { text.append(UInt8(ascii: ",")) }
                AuditText.quote(member.key, into: &text)
                text.append(UInt8(ascii: ":"))
                member.value.write(into: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
    }
}
