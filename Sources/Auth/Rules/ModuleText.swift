// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a module says, made harmless to show.

/// Cleans texts of PAM modules.
///
/// Much of them comes from elsewhere: a RADIUS server, a directory, a file of messages.
enum ModuleText {
    /// One line of UTF-8 without control or direction characters, at most 512 bytes.
    static func clean(_ bytes: [UInt8]) -> String {
        var kept = String.UnicodeScalarView()
        var used = 0
        var gap = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if isSpace(scalar) {
                gap = true
                continue
            }
            if isRemoved(scalar) { continue }
            let space = gap && 0 < used ? 1 : 0
            let size = UTF8.width(scalar) + space
            guard used + size <= AuthLimits.promptBytes else { break }
            if space == 1 { kept.append(" ") }
            kept.append(scalar)
            used += size
            gap = false
        }
        return String(kept)
    }

    /// True when an account could have this name.
    ///
    /// Others are refused without asking a module: a NUL would cut the name, a line break would forge a line
    /// in a module's log, and a slash or a leading dash has meant a path or an option.
    static func isPossibleUser(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= AuthLimits.userBytes, name.first != "-" else { return false }
        return name.unicodeScalars.allSatisfy {
            !isRemoved($0) && (!isSpace($0) || $0 == " ") && $0 != "/" && $0 != ":"
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace
    }

    /// Control, format (zero width, direction), private and unassigned characters.
    private static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .surrogate, .unassigned: true
        default: false
        }
    }
}
