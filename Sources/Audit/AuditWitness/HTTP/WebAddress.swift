// SPDX-License-Identifier: EUPL-1.2
// Torhaus: where a witness is reached.

/// `http://HOST[:PORT][/PREFIX]` or the same with https.
package struct WebAddress: Hashable, Sendable {
    package let isSecure: Bool
    /// Without brackets.
    package let host: String
    package let port: UInt16
    /// Empty, or a slash and more without a slash at the end.
    package let prefix: String

    /// Nil unless the text is such an address.
    package init?(_ text: String) {
        let schemes = [("https://", true), ("http://", false)]
        guard let (scheme, isSecure) = schemes.first(where: { text.hasPrefix($0.0) }) else { return nil }
        let rest = text.dropFirst(scheme.count)
        guard rest.utf8.allSatisfy({ 0x21...0x7E ~= $0 }), rest.utf8.count <= 1024 else { return nil }
        let authority = rest.prefix { $0 != "/" }
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        var host = authority[...]
        var port: UInt16 = isSecure ? 443 : 80
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            guard let number = UInt16(authority[authority.index(after: colon)...]), number != 0 else {
                return nil
            }
            port = number
            host = authority[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, !host.contains("@"), !host.contains("["), !path.contains("?"),
            !path.contains("#")
        else { return nil }
        self.isSecure = isSecure
        self.host = String(host)
        self.port = port
        prefix = path
    }

    /// As it stands in a Host header.
    var hostField: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }
}
