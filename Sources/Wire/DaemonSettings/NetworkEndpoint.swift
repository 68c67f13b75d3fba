// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a host and a port, and what is a host.

/// `HOST:PORT` or `[IPV6]:PORT`.
package struct NetworkEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// A DNS name or a literal address, without brackets.
    package let host: String
    package let port: UInt16

    /// Nil unless the text is an endpoint.
    package init?(_ text: String) {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let digits = text[text.utf8.index(after: colon)...]
        guard digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = UInt16(digits), port != 0
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("[") {
            guard host.hasSuffix("]") else { return nil }
            host = host.dropFirst().dropLast()
            guard IPLiteral.isIPv6(String(host)) else { return nil }
        } else {
            guard IPLiteral.isIPv4(String(host)) || HostName.isValid(String(host)) else { return nil }
        }
        self.host = String(host)
        self.port = port
    }

    /// True when the host is an address.
    package var isLiteral: Bool { IPLiteral.isIPv4(host) || IPLiteral.isIPv6(host) }

    /// As it is written in a file.
    package var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// DNS names.
package enum HostName {
    /// Letters, digits and hyphens in labels (RFC 1123 2.1), and not an address.
    package static func isValid(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= SettingsLimits.hostNameBytes, !IPLiteral.isIPv4(name) else {
            return false
        }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let dash = UInt8(ascii: "-")
        // All digits and dots is an address with a mistake, not a name.
        guard let last = labels.last, !last.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return labels.allSatisfy { label in
            !label.isEmpty && label.count <= SettingsLimits.labelBytes && label.first != dash
                && label.last != dash
                && label.allSatisfy { Spelling.isLetterOrDigit($0) || $0 == dash }
        }
    }
}

/// Literal addresses.
package enum IPLiteral {
    /// `a.b.c.d`, decimal, no leading zeros.
    package static func isIPv4(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }) else {
                    return false
                }
                guard part.count == 1 || part.first != 0x30 else { return false }
                return part.reduce(0) { $0 * 10 + Int($1) - 0x30 } <= 255
            }
    }

    /// RFC 4291 2.2, without a zone.
    package static func isIPv6(_ text: String) -> Bool {
        guard text.utf8.count <= 45 else { return false }
        var groups = text.split(separator: ":", omittingEmptySubsequences: false)
        guard 3 <= groups.count, groups.count <= 9 else { return false }
        // A leading or trailing "::" gives two empty groups at the edge; one of them stands for the gap.
        if groups.first?.isEmpty == true {
            guard groups.dropFirst().first?.isEmpty == true else { return false }
            groups.removeFirst()
        }
        if groups.last?.isEmpty == true {
            guard groups.dropLast().last?.isEmpty == true else { return false }
            groups.removeLast()
        }
        var width = groups.count
        if let last = groups.last, last.contains(".") {
            guard isIPv4(String(last)) else { return false }
            groups.removeLast()
            width += 1
        }
        let gaps = groups.count { $0.isEmpty }
        guard gaps == 0 ? width == 8 : gaps == 1 && width <= 8 else { return false }
        return groups.allSatisfy { group in
            group.utf8.count <= 4 && group.utf8.allSatisfy(isHex)
        }
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
