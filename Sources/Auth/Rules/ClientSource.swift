// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the place a try comes from.

internal import Glibc

/// A client's address as far as it counts as one place: an IPv4 address, or the /64 of an IPv6 address, because one
/// machine can take any address of its /64.
struct ClientSource: Hashable, Sendable {
    private let prefix: [UInt8]

    /// Nil when the text is no IP address.
    ///
    /// A zone (`%eth0`) is left out; `::ffff:a.b.c.d` is the IPv4 address.
    init?(_ text: String) {
        guard text.utf8.count <= AuthLimits.remoteHostBytes else { return nil }
        let plain = String(text.prefix { $0 != "%" })
        if let four = Self.bytes(plain, family: AF_INET, count: 4) {
            prefix = four
        } else if let six = Self.bytes(plain, family: AF_INET6, count: 16) {
            let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
            prefix = six.starts(with: mapped) ? Array(six.suffix(4)) : Array(six.prefix(8))
        } else {
            return nil
        }
    }

    private static func bytes(_ text: String, family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return unsafe inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
