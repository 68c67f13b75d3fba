// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the ticket as it leaves this target.

import ByteCoding

/// The text of a PAA cookie in UTF-8: a secret that lets its bearer in, so it never shows itself.
package struct TunnelCookie: Hashable, Sendable {
    /// The text, without a NUL.
    package let utf8: [UInt8]

    /// A cookie from its text.
    package init(utf8: [UInt8]) { self.utf8 = utf8 }

    /// Reads what TUNNEL_CREATE carries: UTF-16LE, with or without one final NUL.
    ///
    /// Nil when it is empty, has a NUL inside, or is no text.
    /// Goes from units to bytes without a `String`, which could not be overwritten afterwards.
    init?(paaCookie blob: Blob) {
        guard blob.bytes.count.isMultiple(of: 2) else { return nil }
        var reader = ByteReader(blob.bytes)
        var units: [UInt16] = []
        units.reserveCapacity(blob.bytes.count / 2)
        while let unit = try? reader.u16LE() {
            units.append(unit)
        }
        if units.last == 0 { units.removeLast() }
        guard !units.isEmpty, !units.contains(0) else { return nil }
        var bytes: [UInt8] = []
        let damaged = transcode(
            units.makeIterator(),
            from: UTF16.self,
            to: UTF8.self,
            stoppingOnError: true,
            into: { bytes.append($0) }
        )
        guard !damaged else { return nil }
        utf8 = bytes
    }
}

extension TunnelCookie: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Nothing of it.
    package var description: String { "<redacted>" }

    /// Nothing of it.
    package var debugDescription: String { description }

    /// No children: `dump` and a failing test's output stop here.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
