// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the log of the sign-in service, for journald on stderr.

internal import DaemonMessages
internal import Glibc

/// Short lines of `key=value` with fixed words.
///
/// No user name, because people type passwords into that field; who tried is in the audit log, under the same
/// correlation id. No secret and no text of a module either.
enum AuthLog {
    /// sd-daemon(3) prefixes; without journald they are two odd characters at the start.
    enum Level: Int32 {
        case error = 3
        case warning = 4
        case notice = 5
        case info = 6
    }

    static func write(_ level: Level, _ event: String, _ fields: KeyValuePairs<String, String> = [:]) {
        let text = fields.reduce("<\(level.rawValue)>\(event)") { $0 + " \($1.key)=\($1.value)" } + "\n"
        let bytes = [UInt8](text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// The outcome of a conversation in one word.
    static func word(for reply: SignInReply?) -> String {
        switch reply {
        case nil: "abandoned"
        case .prompts: "prompts"
        case .passwordChanged: "passwordChanged"
        case .succeeded: "succeeded"
        case .failed(let failure): "\(failure.code)"
        case .groups(let identity): identity == nil ? "groups-unknown" : "groups"
        }
    }

    static func hexadecimal(_ correlation: CorrelationID?) -> String {
        guard let correlation else { return "none" }
        return correlation.bytes.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
