// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one line of an .rdp file.

/// `key:type:value`; the value holds no control characters, so a line can never become two.
struct RDPLine: Sendable, Hashable {
    enum Value: Sendable, Hashable {
        case number(Int)
        case text(String)
    }

    let key: String
    let value: Value

    init(_ key: String, _ number: Int) {
        self.key = key
        value = .number(number)
    }

    /// A text from anywhere: whatever could break out of its line is removed.
    init(_ key: String, _ text: String) {
        self.key = key
        value = .text(Self.withoutControls(text))
    }

    /// A switch.
    init(_ key: String, _ isOn: Bool) {
        self.init(key, isOn ? 1 : 0)
    }

    /// As the file has it, without the line break.
    var text: String {
        switch value {
        case .number(let number): "\(key):i:\(number)"
        case .text(let text): "\(key):s:\(text)"
        }
    }

    /// Removes C0 and C1 controls, Unicode line breaks, byte order marks and invisible direction marks: the
    /// last could make a file name or an address look like another one.
    static func withoutControls(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isForbidden(scalar) {
            result.append(scalar)
        }
        return String(result)
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
