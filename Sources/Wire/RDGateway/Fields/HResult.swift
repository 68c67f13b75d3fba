// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the status field of all responses.

/// A status as it stands on the wire: any 32 bits.
package struct HResult: RawRepresentable, Hashable, Sendable {
    /// ERROR_SUCCESS.
    package static let success = HResult(rawValue: 0)

    /// The 32 bits.
    package let rawValue: UInt32

    /// Any status.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// An error of our table.
    package init(_ error: ProxyError) { rawValue = error.rawValue }

    /// Whether bit 31 is set: the only thing that FreeRDP looks at.
    package var isFailure: Bool { rawValue & 0x8000_0000 != 0 }

    /// The error, nil for success and for numbers that are not in our table.
    package var error: ProxyError? { ProxyError(rawValue: rawValue) }
}
