// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the forms a text in a settings file may have.

/// What a value must look like.
package enum SettingsForm: Sendable {
    /// An absolute path.
    case path
    /// An absolute path that fits into a socket address.
    case socketPath
    /// `ADDRESS:PORT` with a literal address.
    case listenAddress
    /// A DNS name.
    case hostName
    /// `unix:PATH` or `tcp:HOST:PORT`.
    case upstream
    /// A user of the system.
    case userName
    /// A PAM service.
    case serviceName
    /// The name of a log without its year.
    case logOrigin
    /// One of a few words.
    case oneOf([String])

    /// Stands where a value had a control character; never valid.
    static let replacement: Unicode.Scalar = "\u{FFFD}"

    /// What is wrong with the value, as a sentence, or nil.
    package func complaint(about value: String) -> String? {
        guard !value.isEmpty else { return "the value is empty" }
        guard !value.unicodeScalars.contains(where: { Spelling.isControl($0) || $0 == Self.replacement })
        else {
            return "the value has a control character"
        }
        switch self {
        case .path: return Self.pathComplaint(value, limit: SettingsLimits.pathBytes)
        case .socketPath: return Self.pathComplaint(value, limit: SettingsLimits.socketPathBytes)
        case .listenAddress:
            guard let endpoint = NetworkEndpoint(value), endpoint.isLiteral else {
                return "expected ADDRESS:PORT, such as [::]:443 or 0.0.0.0:8443"
            }
            return nil
        case .hostName:
            return HostName.isValid(value) ? nil : "expected a DNS name, such as gate.example"
        case .upstream: return Self.upstreamComplaint(value)
        case .userName:
            return Spelling.isUserName(value) ? nil : "expected the name of a user of this machine"
        case .serviceName:
            return Spelling.isUserName(value) ? nil : "expected the name of a file in /etc/pam.d"
        case .logOrigin:
            return Self.isLogOrigin(value) ? nil : "expected a name such as audit.county.example/gate1"
        case .oneOf(let words):
            return words.contains(value) ? nil : "expected \(words.joined(separator: " or "))"
        }
    }

    private static func pathComplaint(_ value: String, limit: Int) -> String? {
        guard value.hasPrefix("/") else { return "expected an absolute path" }
        guard value.utf8.count <= limit else { return "the path has more than \(limit) bytes" }
        let edges = [value.unicodeScalars.first, value.unicodeScalars.last]
        // The reader trims lines, so such a path would not survive the file.
        guard !edges.contains(" ") else { return "the path ends with a space" }
        return nil
    }

    /// A DNS name and parts of letters, digits, `-`, `_` and `.`; the year comes behind it.
    private static func isLogOrigin(_ value: String) -> Bool {
        let parts = value.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let host = parts.first, HostName.isValid(host), value.utf8.count <= SettingsLimits.originBytes
        else { return false }
        return parts.dropFirst().allSatisfy(Spelling.isUserName)
    }

    private static func upstreamComplaint(_ value: String) -> String? {
        if value.hasPrefix("unix:") {
            return pathComplaint(String(value.dropFirst(5)), limit: SettingsLimits.socketPathBytes)
        }
        if value.hasPrefix("tcp:"), NetworkEndpoint(String(value.dropFirst(4))) != nil { return nil }
        return "expected unix:/PATH or tcp:HOST:PORT"
    }
}
