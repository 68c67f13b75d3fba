// SPDX-License-Identifier: EUPL-1.2
// Torhaus: internet addresses as the kernel sees them, IPv4 in IPv6's mapped form.

internal import CLinux
internal import Glibc

/// An IPv6 address (IPv4 as `::ffff:a.b.c.d`) and a port.
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    // Two numbers instead of an array: an address lives as long as its connection.
    /// The first eight bytes, the most significant first.
    package let high: UInt64
    /// The last eight bytes.
    package let low: UInt64
    package let port: UInt16
    /// Interface index of a link-local address, else 0.
    package let scope: UInt32

    /// Nil unless there are exactly 16 bytes.
    package init?(bytes: [UInt8], port: UInt16, scope: UInt32 = 0) {
        guard bytes.count == 16 else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
        self.port = port
        self.scope = scope
    }

    /// Exactly 16 bytes.
    package var bytes: [UInt8] {
        unsafe withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { unsafe [UInt8]($0) }
    }

    /// Reads a numeric address, `10.0.0.1` or `fe80::1`; nil for anything else.
    package init?(numeric text: String, port: UInt16) {
        var six = in6_addr()
        var four = in_addr()
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            let raw = unsafe withUnsafeBytes(of: &four) { unsafe [UInt8]($0) }
            self.init(bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff] + raw, port: port)
        } else if unsafe inet_pton(AF_INET6, text, &six) == 1 {
            self.init(bytes: unsafe withUnsafeBytes(of: &six) { unsafe [UInt8]($0) }, port: port)
        } else {
            return nil
        }
    }

    package var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    /// The address without its port, in the usual notation.
    package var host: String {
        if isIPv4 { return bytes.suffix(4).map { String($0) }.joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let written = unsafe bytes.withUnsafeBytes { raw in
            unsafe inet_ntop(AF_INET6, raw.baseAddress, &text, socklen_t(text.count)) != nil
        }
        guard written else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    package var description: String { isIPv4 ? "\(host):\(port)" : "[\(host)]:\(port)" }
}
