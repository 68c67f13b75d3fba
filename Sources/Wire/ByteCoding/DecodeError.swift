// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reading and writing of integers, byte strings and texts. Every pure decoder stands on it, so that no
// other code indexes bytes that came from outside.

/// Why bytes from outside could not be read.
package enum DecodeError: Error, Equatable, Sendable {
    /// Fewer bytes are there than the next field needs.
    case truncated(needed: Int, available: Int)
    /// A length or a count is above the limit that its reader set.
    case oversize(length: Int, limit: Int)
    /// A number that must be one of a few is none of them: a type, a kind, a version.
    case unexpected(UInt32)
    /// A field's content breaks its rule; `field` is a fixed name, never bytes from the peer.
    case invalid(field: String)
    /// This many bytes are left where none may be.
    case trailing(Int)
}
